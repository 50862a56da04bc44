// When a line says that it was made.

extension Span<UInt8> {
  /// Microseconds from the timestamp at the beginning of a line; some number if there is none.
  var creationTime: Int64 {
    guard count > 42 else { return 0 }
    func number(_ start: Int, _ digits: Int) -> Int64 {
      var value: Int64 = 0
      for index in start..<start + digits { value = value * 10 + Int64(self[index] & 15) }
      return value
    }
    // Days of the civil calendar, counted from March, so that a leap day is a year's last.
    let month = number(20, 2)
    let year = number(15, 4) - (month <= 2 ? 1 : 0)
    let days =
      year * 365 + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + number(23, 2)
    return ((days * 24 + number(26, 2)) * 60 + number(29, 2)) * 60_000_000 + number(32, 2) * 1_000_000
      + number(35, 6)
  }
}
