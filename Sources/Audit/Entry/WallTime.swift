// The time of day as audit lines carry it.
import Glibc

/// Microseconds since 1970-01-01T00:00:00Z. Steps back when the operator sets the clock; order in the log
/// is `seq`, never this.
package struct WallTime: Sendable, Comparable {
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func now() -> WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }

  package static func < (left: WallTime, right: WallTime) -> Bool { left.microseconds < right.microseconds }
}

extension WallTime {
  /// Reads exactly what `TimestampFormatter` writes.
  init?(rfc3339 text: some Collection<UInt8>) {
    let text = Array(text)
    let pattern = Array("0000-00-00T00:00:00.000000Z".utf8)
    guard text.count == pattern.count else { return nil }
    func number(_ range: Range<Int>) -> Int64 { text[range].reduce(0) { $0 * 10 + Int64($1) - 48 } }
    for (byte, expected) in zip(text, pattern) {
      guard expected == 48 ? 48...57 ~= byte : byte == expected else { return nil }
    }
    let (month, day) = (number(5..<7), number(8..<10))
    guard 1...12 ~= month, 1...31 ~= day else { return nil }
    // Civil date to days: the inverse of `TimestampFormatter.writeSecond`.
    let year = number(0..<4) - (month <= 2 ? 1 : 0)
    let era = year / 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let yearOfEra = year - era * 400
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let seconds = days * 86_400 + number(11..<13) * 3_600 + number(14..<16) * 60 + number(17..<19)
    self.init(microseconds: seconds * 1_000_000 + number(20..<26))
  }
}

/// Writes RFC 3339 timestamps in UTC with microseconds, `2026-01-02T03:04:05.678901Z`.
///
/// The calendar is worked out once a second; within one second only six digits change. One of these
/// belongs to one thread.
package struct TimestampFormatter: Sendable {
  /// The last timestamp written: always 27 bytes.
  package private(set) var text: [UInt8]
  private var second: Int64

  package init() {
    text = Array("1970-01-01T00:00:00.000000Z".utf8)
    second = 0
  }

  /// Sets `text` to `time`. Times before 1970 or after 9999 are written as the nearest bound: RFC 3339 has
  /// four digits for the year.
  package mutating func format(_ time: WallTime) {
    let bounded = min(max(time.microseconds, 0), Self.latest)
    let (second, fraction) = bounded.quotientAndRemainder(dividingBy: 1_000_000)
    if second != self.second {
      self.second = second
      writeSecond(second)
    }
    put(fraction, digits: 6, at: 20)
  }

  /// 9999-12-31T23:59:59.999999Z.
  private static let latest: Int64 = 253_402_300_799_999_999

  private mutating func writeSecond(_ second: Int64) {
    let (day, secondOfDay) = second.quotientAndRemainder(dividingBy: 86_400)
    // Days to civil date in the proleptic Gregorian calendar, counted in eras of 400 years that begin in
    // March, so that the leap day is an era's last.
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    put(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), digits: 4, at: 0)
    put(month, digits: 2, at: 5)
    put(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, digits: 2, at: 8)
    put(secondOfDay / 3_600, digits: 2, at: 11)
    put(secondOfDay / 60 % 60, digits: 2, at: 14)
    put(secondOfDay % 60, digits: 2, at: 17)
  }

  private mutating func put(_ value: Int64, digits: Int, at start: Int) {
    var rest = value
    var index = start + digits
    while index > start {
      index -= 1
      text[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
  }
}
