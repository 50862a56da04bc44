// Which status codes are asked for.
package import Bytes

/// `404`, `4xx`, `500-599`.
package struct StatusFilter: Sendable, Hashable {
  private let range: ClosedRange<Int>

  /// Nil for anything else.
  package init?(_ text: ByteString) {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    if parts.count == 1, parts[0].count == 3, parts[0].dropFirst().elementsEqual("xx".utf8),
      let hundreds = Self.number(parts[0].prefix(1)), 1...5 ~= hundreds
    {
      range = hundreds * 100...hundreds * 100 + 99
      return
    }
    guard 1...2 ~= parts.count, let first = Self.code(parts[0]), let last = Self.code(parts[parts.count - 1]),
      first <= last
    else { return nil }
    range = first...last
  }

  package func matches(_ status: ByteString?) -> Bool {
    guard let status, let code = Self.code(Array(status.utf8)[...]) else { return false }
    return range.contains(code)
  }

  private static func code(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.count == 3, let code = number(digits), 100...599 ~= code else { return nil }
    return code
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard 0x30...0x39 ~= digit else { return nil }
      number = number * 10 + Int(digit - 0x30)
    }
    return number
  }
}
