// The words in which Consul's JSON decoder complains, for the faults that are faults to it too.

import Bytes
import HTTP
import JSON

enum GoDecoding {
  /// What to say of a body that is not one JSON value.
  static func text(for fault: Malformation, in body: Span<UInt8>) -> String {
    switch fault.reason {
    case .unexpectedEnd: isBlank(body) ? "EOF" : "unexpected EOF"
    case .byteOrderMark: "invalid character 'ï' looking for beginning of value"
    case .unexpectedByte(let byte, let expected):
      place(expected).map { "invalid character \(character(byte)) \($0)" } ?? fault.description
    // A long one is not repeated: it may be a secret in the wrong place.
    case .duplicateKey:
      longKey(fault).map { key in
        "line \(fault.position.line), column \(fault.position.column): a key \(key) stands here a second time"
      } ?? fault.description
    // Repeated keys, data behind the value, invalid UTF-8: Consul takes them, so it has no words for them.
    default: fault.description
    }
  }

  /// The repeated key, if it is too long to be shown.
  static func longKey(_ fault: Malformation) -> QuotedInput? {
    guard case .duplicateKey(let key) = fault.reason, key.utf8.count > PeeringLimits.quotedKeyBytes else {
      return nil
    }
    return QuotedInput(key, as: .length)
  }

  /// Go's name for the kind of a value.
  static func kind(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// A name of the caller's between double quotes, printable and short.
  static func quoted(_ name: String) -> String {
    "\"" + safe(name) + "\""
  }

  /// Text of the caller's as it may stand in a sentence: whole if it is short and printable ASCII.
  static func safe(_ text: String) -> String {
    String(Quotation.quote(Array(text.utf8).span).dropFirst().dropLast())
  }

  private static func isBlank(_ body: Span<UInt8>) -> Bool {
    for index in body.indices where ![0x20, 0x09, 0x0A, 0x0D].contains(body[index]) { return false }
    return true
  }

  private static func place(_ expected: String) -> String? {
    switch ByteString(expected) {
    case "a value": "looking for beginning of value"
    case "a key in quotation marks", "a key in quotation marks or '}'":
      "looking for beginning of object key string"
    case "':'": "after object key"
    case "',' or '}'": "after object key:value pair"
    case "',' or ']'": "after array element"
    default: nil
    }
  }

  /// Go shows a byte as the character of that code point.
  private static func character(_ byte: UInt8) -> String {
    switch byte {
    case 0x20..<0x7F where byte != 0x27 && byte != 0x5C: "'\(Character(Unicode.Scalar(byte)))'"
    case 0xA1...0xFF where byte != 0xAD: "'\(Character(Unicode.Scalar(byte)))'"
    default: Quotation.quote([byte].span)
    }
  }
}
