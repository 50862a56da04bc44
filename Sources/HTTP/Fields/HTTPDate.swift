// The date format of HTTP.

/// RFC 9110 5.6.7: IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
  private static let dayNames: StaticString = "ThuFriSatSunMonTueWed"
  private static let monthNames: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

  /// Appends the date of `seconds` after 1970-01-01T00:00:00Z, for the years 1970 to 9999.
  package static func append(secondsSinceEpoch seconds: Int64, to bytes: inout [UInt8]) {
    let seconds = min(max(seconds, 0), 253_402_300_799)
    let days = seconds / 86_400
    let time = seconds % 86_400
    let (year, month, day) = civil(days)
    append(name: Int(days % 7), of: dayNames, to: &bytes)
    bytes.append(", ")
    append(twoDigits: day, to: &bytes)
    bytes.append(ASCII.space)
    append(name: Int(month - 1), of: monthNames, to: &bytes)
    bytes.append(ASCII.space)
    append(twoDigits: year / 100, to: &bytes)
    append(twoDigits: year % 100, to: &bytes)
    bytes.append(ASCII.space)
    append(twoDigits: time / 3600, to: &bytes)
    bytes.append(ASCII.colon)
    append(twoDigits: time / 60 % 60, to: &bytes)
    bytes.append(ASCII.colon)
    append(twoDigits: time % 60, to: &bytes)
    bytes.append(" GMT")
  }

  /// The Gregorian date of a day count. The year is counted from March, which puts the leap day last and
  /// makes the lengths of months a linear function.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468  // days from 0000-03-01
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func append(name index: Int, of names: StaticString, to bytes: inout [UInt8]) {
    names.withBytes { bytes.append($0.extracting(index * 3..<index * 3 + 3)) }
  }

  private static func append(twoDigits number: Int64, to bytes: inout [UInt8]) {
    bytes.append(ASCII.zero + UInt8(truncatingIfNeeded: number / 10))
    bytes.append(ASCII.zero + UInt8(truncatingIfNeeded: number % 10))
  }
}

/// The value of `Date` as time goes on. The calendar is worked out once a second.
package struct DateField: Sendable {
  private var second: Int64 = .min
  private var value = FieldValue(parsed: [])

  package init() {}

  /// The date of `second`, counted from 1970-01-01T00:00:00Z.
  package mutating func value(at second: Int64) -> FieldValue {
    if second != self.second {
      var text: [UInt8] = []
      HTTPDate.append(secondsSinceEpoch: second, to: &text)
      self.second = second
      value = FieldValue(parsed: text[...])
    }
    return value
  }
}
