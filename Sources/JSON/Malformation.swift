// Why a text is not JSON, and at which byte. Always the fault of the author of the text.

/// The first thing wrong with a text. Its wording never contains string values (they may be secrets),
/// only single bytes and, for a repeated key, the key.
package struct Malformation: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Reason: Sendable, Hashable {
    case unexpectedEnd(expected: String)
    case unexpectedByte(UInt8, expected: String)
    case trailingData
    case byteOrderMark
    case controlByteInString(UInt8)
    case invalidUTF8
    case invalidEscape
    case loneSurrogate
    case duplicateKey(String)
    case tooLong(limitBytes: Int)
    case tokenTooLong(limitBytes: Int)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
  }

  package let reason: Reason
  package let position: Position
  /// The byte's distance from the start of the text.
  package let offset: Int

  package init(_ reason: Reason, position: Position, offset: Int) {
    self.reason = reason
    self.position = position
    self.offset = offset
  }

  package var description: String {
    "line \(position.line), column \(position.column): \(reason)"
  }
}

extension Malformation.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unexpectedEnd(let expected): "the text ends where \(expected) is expected"
    case .unexpectedByte(let byte, let expected): "unexpected \(Text.name(of: byte)), expected \(expected)"
    case .trailingData: "data after the end of the JSON value, expected nothing but space"
    case .byteOrderMark: "a byte order mark, expected JSON in UTF-8 without one"
    case .controlByteInString(let byte): "\(Text.name(of: byte)) inside a string, expected it escaped"
    case .invalidUTF8: "bytes that are not UTF-8"
    case .invalidEscape: #"an unknown escape, expected one of \" \\ \/ \b \f \n \r \t \uHHHH"#
    case .loneSurrogate: #"half of a surrogate pair, expected both halves as \uD8xx\uDCxx"#
    case .duplicateKey(let key): "the key \(Text.quoted(key)) stands here a second time"
    case .tooLong(let limit): "the text is longer than \(limit) bytes"
    case .tokenTooLong(let limit): "a string or a number is longer than \(limit) bytes"
    case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
    case .tooManyValues(let limit): "the text holds more than \(limit) values"
    }
  }
}
