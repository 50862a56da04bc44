// A field value that cannot split a message.

/// RFC 9110 5.5: bytes without control characters (HTAB excepted), without blanks at either end.
///
/// It can only be made by the parser, or by the checking initialisers: whatever is written from it is one
/// line. It does not print itself, since it may be a credential; take `text` where that is known to be
/// safe.
package struct FieldValue: Sendable, Hashable {
  /// Shares the head's one buffer; no copy.
  package let bytes: ArraySlice<UInt8>

  init(parsed bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// nil if `bytes` hold a control byte or a blank at an end.
  package init?(_ bytes: ArraySlice<UInt8>) {
    guard LineScanner.isText(bytes.span) else { return nil }
    if let first = bytes.first, ASCII.isWhitespace(first) { return nil }
    if let last = bytes.last, ASCII.isWhitespace(last) { return nil }
    self.bytes = bytes
  }

  package init?(_ bytes: [UInt8]) { self.init(bytes[...]) }
  package init?(_ text: String) { self.init(Array(text.utf8)[...]) }

  /// Of the program's own text; one that a field cannot hold is a mistake in the program.
  package init(literal: StaticString) {
    var bytes: [UInt8] = []
    bytes.append(literal)
    guard let value = FieldValue(bytes) else { preconditionFailure("a literal is no field value") }
    self = value
  }

  package init(_ number: UInt64) {
    var digits: [UInt8] = []
    digits.append(decimal: number)
    self.init(parsed: digits[...])
  }

  package var count: Int { bytes.count }
  package var isEmpty: Bool { bytes.isEmpty }

  /// The value as text; bytes that are not UTF-8 become U+FFFD. Never call it on a credential.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The value as a plain decimal number: digits alone, no sign, no blanks; nil if it is none or too large.
  package var number: UInt64? {
    guard !bytes.isEmpty else { return nil }
    var result: UInt64 = 0
    for byte in bytes {
      guard ASCII.isDigit(byte) else { return nil }
      let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(UInt64(byte - ASCII.zero))
      guard !overflowed, !carried else { return nil }
      result = sum
    }
    return result
  }

  package func equals(_ literal: StaticString) -> Bool { bytes.span.equals(literal) }

  /// Whether the value is `literal` (in lower case), letter case aside.
  package func equals(lowercased literal: StaticString) -> Bool { bytes.span.equals(lowercased: literal) }
}

extension FieldValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(\(count) bytes)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
