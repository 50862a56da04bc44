// One configuration text under the name that messages call it by.

package import JSON

/// Kept by everything read from it, so that a fault found late (two tokens in two files with one digest)
/// can still show its line. Shared, and never changed.
package final class Source: Sendable {
  /// The path as the operator gave it.
  package let file: String
  package let bytes: [UInt8]
  /// Found once, since ten thousand rules each ask for their line.
  private let lineStarts: [Int]

  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    var lineStarts = [0]
    for (index, byte) in bytes.enumerated() where byte == 0x0A { lineStarts.append(index + 1) }
    self.lineStarts = lineStarts
  }

  package convenience init(file: String, text: String) {
    self.init(file: file, bytes: Array(text.utf8))
  }

  /// The text of a line, counted from 1, without its end; empty beyond the last one.
  package func line(_ number: Int) -> String {
    guard lineStarts.indices.contains(number - 1) else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  package func error(at position: Position, _ message: String) -> Diagnostic {
    Diagnostic(.error, file: file, position: position, message: message, line: line(position.line))
  }

  package func warning(at position: Position, _ message: String) -> Diagnostic {
    Diagnostic(.warning, file: file, position: position, message: message, line: line(position.line))
  }
}
