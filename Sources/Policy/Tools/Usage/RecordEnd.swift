// How every line of an audit log ends.

extension Span<UInt8> {
  /// Whether the line ends with its number and the link to the line before it:
  /// `,"seq":<digits>,"previous":"<64 hexadecimal digits>"}`. Quotation marks within texts are escaped, so that nothing a
  /// client sent can look like it.
  var endsAsRecord: Bool {
    let digits = count - 2 - 64
    let name = digits - 13
    guard name > 0, isAt(digits + 64, "\"}"), isAt(name, ",\"previous\":\"") else { return false }
    for index in digits..<digits + 64 where !(48...57 ~= self[index] || 97...102 ~= self[index]) {
      return false
    }
    var start = name
    while start > 0, 48...57 ~= self[start - 1] { start -= 1 }
    return 1...19 ~= name - start && self[start] != 48 && isAt(start - 7, ",\"seq\":")
  }

  private func isAt(_ start: Int, _ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard start >= 0, start + length <= count else { return false }
    let expected = text.description.utf8
    return zip(start..<start + length, expected).allSatisfy { self[$0] == $1 }
  }
}
