// Durations as Go's time.ParseDuration reads them.

enum GoDuration {
  /// `[+-]?(number unit)+` with the units ns us µs ms s m h; a bare `0` needs none.
  /// - Returns: nil if it is none of that or does not fit in 64 bits of nanoseconds.
  static func parse(_ text: String) -> Duration? {
    var rest = Substring(text)
    var isNegative = false
    if let sign = rest.first, sign == "-" || sign == "+" {
      isNegative = sign == "-"
      rest.removeFirst()
    }
    if rest == "0" { return .zero }
    if rest.isEmpty { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest = rest.dropFirst(number.count)
      guard number.contains(where: { $0 != "." }), number.count(where: { $0 == "." }) <= 1,
        let value = Double(
          number.hasPrefix(".") ? "0\(number)" : number.hasSuffix(".") ? "\(number)0" : String(number))
      else { return nil }
      let unit = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
      rest = rest.dropFirst(unit.count)
      guard let nanoseconds = units[String(unit)] else { return nil }
      total += value * nanoseconds
    }
    guard total < 0x1p63 else { return nil }
    return .nanoseconds(Int64(isNegative ? -total : total))
  }

  private static let units: [String: Double] = [
    "ns": 1, "us": 1e3, "\u{B5}s": 1e3, "\u{3BC}s": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
  ]
}
