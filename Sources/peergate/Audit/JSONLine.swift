// A line of JSON, fit for a terminal.

import Bytes
import JSON

enum JSONLine {
  /// The same JSON: as it stands, unless it holds characters that nobody sees, which are written as escapes. The line
  /// must have been parsed: then none of its control characters stands in a string.
  static func text(_ line: Span<UInt8>) -> String {
    let text = String(decoding: line.indices.map { line[$0] }, as: UTF8.self)
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 {
        shown += " "
      } else if scalar.isInvisible {
        for unit in String(scalar).utf16 { shown += escape(unit) }
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// An object of the columns that are there.
  static func object(_ members: [(name: String, value: ByteString?)]) -> String {
    var writer = Writer()
    writer.beginObject()
    for (name, value) in members {
      guard let value else { continue }
      writer.key(name)
      writer.string(value.string)
    }
    writer.endObject()
    return text(writer.finish().span)
  }

  /// RFC 8259, section 7: characters beyond the first 65,536 are two of these.
  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
