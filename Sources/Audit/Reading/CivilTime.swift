// A date and a time of day, of which the smaller parts may be missing.

/// Proleptic Gregorian, without a zone.
struct CivilTime: Sendable, Hashable {
  enum Unit: Int, Sendable, Comparable {
    case year, month, day, hour, minute, second, microsecond

    static func < (left: Unit, right: Unit) -> Bool { left.rawValue < right.rawValue }
  }

  var year: Int64
  var month: Int64 = 1
  var day: Int64 = 1
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  var microsecond: Int64 = 0
  /// The smallest part that was written.
  var precision = Unit.year

  /// Seconds since 1970 if it is meant in UTC.
  var seconds: Int64 {
    // Civil date to days, in years that begin in March so that the leap day comes last.
    let shifted = year - (month <= 2 ? 1 : 0)
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return days * 86_400 + hour * 3_600 + minute * 60 + second
  }

  /// The beginning of the next year, month, day and so on: what was written stops right before it.
  var following: CivilTime {
    var next = self
    switch precision {
    case .year: next.year += 1
    case .month: (next.month, next.year) = month == 12 ? (1, year + 1) : (month + 1, year)
    // The C library and `seconds` both carry over.
    case .day: next.day += 1
    case .hour: next.hour += 1
    case .minute: next.minute += 1
    case .second: next.second += 1
    case .microsecond: next.microsecond += 1
    }
    return next
  }

  /// `2026`, `2026-01`, `2026-01-02`, `2026-01-02T03`, `2026-01-02T03:04`, with seconds and up to six digits of a
  /// fraction; a blank may stand for the `T`. Nil for anything else, and for days that no calendar has.
  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    func number(_ digits: Int) -> Int64? {
      guard rest.count >= digits, rest.prefix(digits).allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
      defer { rest = rest.dropFirst(digits) }
      return rest.prefix(digits).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard let year = number(4), year >= 1970 else { return nil }
    self.year = year
    let parts: [(separators: String, unit: Unit, field: WritableKeyPath<CivilTime, Int64>)] = [
      ("-", .month, \.month), ("-", .day, \.day), ("T ", .hour, \.hour), (":", .minute, \.minute),
      (":", .second, \.second),
    ]
    for part in parts {
      guard let separator = rest.first else { break }
      guard part.separators.utf8.contains(separator) else { return nil }
      rest = rest.dropFirst()
      guard let value = number(2) else { return nil }
      self[keyPath: part.field] = value
      precision = part.unit
    }
    if precision == .second, rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let digits = rest.count
      guard 1...6 ~= digits, let fraction = number(digits) else { return nil }
      microsecond = (digits..<6).reduce(fraction) { value, _ in value * 10 }
      precision = .microsecond
    }
    guard rest.isEmpty, 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day, hour < 24, minute < 60,
      second < 60
    else { return nil }
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
