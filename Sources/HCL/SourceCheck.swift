// What no configuration text may hold, wherever it stands.

import Bytes
import JSON

/// Looked for before anything is parsed, in comments and strings as well, and in both notations alike: what a reviewer
/// sees in an editor is what the gate reads. A carriage return stands only before a line feed, as Windows ends lines;
/// alone it is a line's end to some editors and nothing to a parser.
extension Source {
  func refuseInvisibleText() throws(SyntaxError) {
    let bytes = bytes
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw fault(at: error.byteOffsets.lowerBound, "bytes that are not UTF-8, expected a text in UTF-8")
    }
    var offset = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case 0x09, 0x0A, 0x20..<0x7F: offset += 1
      case 0x0D:
        guard offset + 1 < bytes.count, bytes[offset + 1] == 0x0A else {
          throw fault(
            at: offset, "a carriage return without a line feed, expected lines that end with LF or CRLF")
        }
        offset += 2
      case ..<0x80: throw fault(at: offset, "control byte \(Quoting.hexadecimal(byte)), expected text")
      default:
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        let scalar = scalar(at: offset, length)
        if scalar.isInvisible {
          throw fault(
            at: offset, "the invisible character \(scalar.codePoint); take it out, in a comment too")
        }
        offset += length
      }
    }
  }

  /// Of text that is known to be UTF-8.
  private func scalar(at offset: Int, _ length: Int) -> Unicode.Scalar {
    var value = UInt32(bytes[offset]) & (0xFF >> UInt32(length + 1))
    for index in offset + 1..<offset + length { value = value << 6 | UInt32(bytes[index] & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private func fault(at offset: Int, _ message: String) -> SyntaxError {
    SyntaxError(error(at: position(of: offset), message))
  }
}
