// Text as HCL spells it, for the printer and for messages.

package import Bytes

package enum Quoting {
  /// The string in quotation marks with escapes, readable back by the parser.
  static func literal(_ text: ByteString) -> String { "\"\(escaped(text))\"" }

  private static func escaped(_ text: ByteString) -> String {
    var literal = ""
    let scalars = Array(text.string.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      case "$" where index + 1 < scalars.count && scalars[index + 1] == "{": literal += "\\u0024"
      default:
        if scalar.isInvisible {
          literal += scalar.escaped
        } else {
          literal.unicodeScalars.append(scalar)
        }
      }
    }
    return literal
  }

  /// For messages: as `literal`, and cut when it is long.
  package static func quoted(_ text: ByteString) -> String { "\"\(unquoted(text))\"" }

  /// The same without the quotation marks. They are left out, not taken off: a mark that combines would go with them.
  static func unquoted(_ text: ByteString) -> String {
    let start = text.string.unicodeScalars.prefix(HCLLimits.quotedCharacters)
    guard start.endIndex < text.string.unicodeScalars.endIndex else { return escaped(text) }
    return escaped(ByteString(String(String.UnicodeScalarView(start)))) + "…"
  }

  static func isIdentifier(_ text: ByteString) -> Bool {
    guard let first = text.utf8.first, isIdentifierStart(first) else { return false }
    return text.utf8.allSatisfy(isIdentifierPart)
  }

  static func isIdentifierStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }

  static func isIdentifierPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: isIdentifierStart(byte)
    }
  }

  /// What messages call a byte that may not stand somewhere.
  static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x80...: "character outside ASCII"
    default: "control byte " + hexadecimal(byte)
    }
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
