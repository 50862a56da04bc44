// Points in time as policies write them: RFC 3339, seconds.
//
//   date-time   = YYYY "-" MM "-" DD "T" hh ":" mm ":" ss zone                       RFC 3339, section 5.6
//   zone        = "Z" / ("+" / "-") hh ":" mm
//
// Fractions, lower-case letters, a blank for the "T" and leap seconds are refused: one instant, one spelling
// (but for the zone, which people need).

/// Seconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable {
  package let seconds: Int64

  package init(seconds: Int64) { self.seconds = seconds }

  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 25 else { return nil }
    func number(_ start: Int, _ count: Int) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[start..<start + count] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 0x30)
      }
      return value
    }
    for (index, byte) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] as [(Int, Character)] {
      guard bytes[index] == byte.asciiValue else { return nil }
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      year >= 1970, (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var offset: Int64 = 0
    if bytes.count == 20 {
      guard bytes[19] == UInt8(ascii: "Z") else { return nil }
    } else {
      guard bytes[19] == UInt8(ascii: "+") || bytes[19] == UInt8(ascii: "-"), bytes[22] == UInt8(ascii: ":"),
        let hours = number(20, 2), let minutes = number(23, 2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (bytes[19] == UInt8(ascii: "+") ? 60 : -60)
    }
    let clock: Int64 = (hour * 60 + minute) * 60 + second
    seconds = Self.days(since1970: year, month, day) * 86_400 + clock - offset
  }

  /// The instant in UTC, `2027-06-30T00:00:00Z`.
  package var text: String {
    var days = seconds / 86_400
    var rest = seconds % 86_400
    if rest < 0 { (days, rest) = (days - 1, rest + 86_400) }
    var year: Int64 = 1970 + days / 366
    while Self.days(since1970: year + 1, 1, 1) <= days { year += 1 }
    var month: Int64 = 12
    while Self.days(since1970: year, month, 1) > days { month -= 1 }
    let day = days - Self.days(since1970: year, month, 1) + 1
    func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
    return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }

  package static func < (one: Timestamp, other: Timestamp) -> Bool { one.seconds < other.seconds }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The proleptic Gregorian day number, in years that begin in March so that the leap day comes last.
  private static func days(since1970 year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }
}
