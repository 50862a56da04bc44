// Durations in the notation of Go, which is what Consul reads in `wait`.

import HTTP

/// Go, time.ParseDuration: [+-] and then "0", or one or more of: digits with an optional fraction, and a
/// unit out of ns us ms s m h. Units are in lower case and never left out.
enum GoDuration {
  /// Nanoseconds; nil where Go would report an error, overflow of 64 bits included.
  static func nanoseconds(_ bytes: Span<UInt8>) -> Int64? {
    var index = 0
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < bytes.count else { return nil }
    if index + 1 == bytes.count, bytes[index] == UInt8(ascii: "0") { return 0 }
    var total: UInt64 = 0
    while index < bytes.count {
      guard let part = part(bytes, at: &index) else { return nil }
      let (sum, overflowed) = total.addingReportingOverflow(part)
      guard !overflowed, sum <= 1 << 63 else { return nil }
      total = sum
    }
    if isNegative { return total == 1 << 63 ? .min : -Int64(total) }
    return Int64(exactly: total)
  }

  /// One number and its unit.
  private static func part(_ bytes: Span<UInt8>, at index: inout Int) -> UInt64? {
    let start = index
    guard let whole = digits(bytes, at: &index) else { return nil }
    var digitCount = index - start
    var fraction = Fraction()
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      let fractionStart = index
      fraction = Fraction(bytes, at: &index)
      digitCount += index - fractionStart
    }
    guard digitCount > 0, let unit = unit(bytes, at: &index) else { return nil }
    let (product, overflowed) = whole.multipliedReportingOverflow(by: unit)
    guard !overflowed, product <= 1 << 63 else { return nil }
    let value = product + fraction.part(of: unit)
    return value <= 1 << 63 ? value : nil
  }

  /// nil on overflow; no digits at all are zero, since `.5s` is legal.
  private static func digits(_ bytes: Span<UInt8>, at index: inout Int) -> UInt64? {
    var value: UInt64 = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      guard value <= (1 << 63) / 10 else { return nil }
      value = value * 10 + UInt64(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    return value <= 1 << 63 ? value : nil
  }

  /// Digits behind the point. Those beyond the precision are read and do not count, as in Go.
  private struct Fraction {
    private var value: UInt64 = 0
    private var scale = 1.0

    init() {}

    init(_ bytes: Span<UInt8>, at index: inout Int) {
      while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
        if value <= ((1 << 63) - 10) / 10 {
          value = value * 10 + UInt64(bytes[index] - UInt8(ascii: "0"))
          scale *= 10
        }
        index += 1
      }
    }

    func part(of unit: UInt64) -> UInt64 { UInt64(Double(value) * (Double(unit) / scale)) }
  }

  /// The unit runs up to the next digit or point. Go also takes micro with a Greek letter, which no query
  /// can hold without an escape.
  private static func unit(_ bytes: Span<UInt8>, at index: inout Int) -> UInt64? {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "."), bytes[index] &- UInt8(ascii: "0") >= 10 {
      index += 1
    }
    let name = bytes.extracting(start..<index)
    if name.equals("s") { return 1_000_000_000 }
    if name.equals("ms") { return 1_000_000 }
    if name.equals("m") { return 60_000_000_000 }
    if name.equals("h") { return 3_600_000_000_000 }
    if name.equals("us") { return 1000 }
    return name.equals("ns") ? 1 : nil
  }
}
