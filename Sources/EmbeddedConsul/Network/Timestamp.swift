// A moment of the wall clock, and how Consul's JSON writes it.

/// Nanoseconds since 1970-01-01T00:00:00Z. The core never reads a clock: anyone who drives it says what time it
/// is.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Saturates: a wait of "as long as possible" must not trap.
  package static func + (left: Timestamp, right: Duration) -> Timestamp {
    let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.wholeNanoseconds)
    return Timestamp(nanoseconds: overflow ? .max : sum)
  }

  package static func - (left: Timestamp, right: Timestamp) -> Duration {
    .nanoseconds(left.nanoseconds &- right.nanoseconds)
  }

  /// RFC 3339 in UTC with as many fraction digits as are not zero, at most nine: what Go's `time.Time` makes
  /// in JSON.
  package var description: String {
    let (seconds, fraction) = nanoseconds.flooredDivision(by: 1_000_000_000)
    let (days, secondOfDay) = seconds.flooredDivision(by: 86_400)
    let (year, month, day) = Timestamp.civilDate(days: days)
    var text = Timestamp.padded(year, 4) + "-" + Timestamp.padded(month, 2) + "-" + Timestamp.padded(day, 2)
    text += "T" + Timestamp.padded(secondOfDay / 3600, 2) + ":" + Timestamp.padded(secondOfDay / 60 % 60, 2)
    text += ":" + Timestamp.padded(secondOfDay % 60, 2)
    if fraction > 0 {
      var digits = Timestamp.padded(fraction, 9)
      while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
      text += "." + digits
    }
    return text + "Z"
  }

  /// Go's zero time, which Consul shows for "tracked, but nothing happened yet".
  package static let zeroText = "0001-01-01T00:00:00Z"

  /// The proleptic Gregorian date of a day counted from 1970-01-01, by counting from a 1st of March so that
  /// the leap day is the last of its year.
  private static func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Duration {
  /// Rounded towards zero and saturated.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    if carried { return seconds < 0 ? .min : .max }
    return sum
  }

  func scaled(by factor: Double) -> Duration {
    .nanoseconds(Int64(Double(wholeNanoseconds) * factor))
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
