// A whole configuration text, in either of its two notations.

import Bytes
import JSON

/// In JSON there are no blocks: `{"policy": {"team-a": {…}}}` is an attribute with an object in it, and
/// only someone who knows that policies have one label can tell the label from a key. That is why consumers
/// take blocks through `Reader`, which gives the same ones for both notations.
package struct Document: Sendable {
  package let source: Source
  package let body: Body

  package init(source: Source, body: Body) {
    self.source = source
    self.body = body
  }

  /// Reads JSON if the file's name ends in `.json` or the first thing in it is a brace, else HCL.
  package static func parse(_ source: Source) throws(SyntaxError) -> Document {
    if source.bytes.count > HCLLimits.fileBytes {
      throw SyntaxError(source.error(at: .start, "the file is longer than \(HCLLimits.fileBytes) bytes"))
    }
    if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw SyntaxError(source.error(at: .start, "a byte order mark, expected UTF-8 without one"))
    }
    try source.refuseInvisibleText()
    let first = source.bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if source.file.hasSuffix(".json") || first == UInt8(ascii: "{") {
      return Document(source: source, body: try JSONNotation(source: source).body())
    }
    var parser = try Parser(source: source)
    return Document(source: source, body: try parser.document())
  }

  /// The same document as canonical HCL: two spaces of indentation, one item a line, no comments.
  package var canonicalText: String {
    var printer = Printer()
    printer.print(body)
    return printer.text
  }
}
