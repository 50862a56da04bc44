// Durations as Go's time.ParseDuration reads them.

import Bytes

enum GoDuration {
  /// `[+-]?(number unit)+` with the units ns us µs ms s m h; a bare `0` needs none.
  /// - Returns: nil if it is none of that or does not fit in 64 bits of nanoseconds.
  static func parse(_ text: ByteString) -> Duration? {
    var rest = text.utf8[...]
    var isNegative = false
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    if rest.elementsEqual("0".utf8) { return .zero }
    if rest.isEmpty { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { isDigit($0) || $0 == point }
      rest = rest.dropFirst(number.count)
      guard number.contains(where: { $0 != point }), number.count(where: { $0 == point }) <= 1,
        let value = Double(
          number.first == point
            ? "0\(Substring(number))"
            : number.last == point ? "\(Substring(number))0" : String(Substring(number)))
      else { return nil }
      let unit = rest.prefix { !isDigit($0) && $0 != point }
      rest = rest.dropFirst(unit.count)
      guard let nanoseconds = units[ByteString(Substring(unit))] else { return nil }
      total += value * nanoseconds
    }
    guard total < 0x1p63 else { return nil }
    return .nanoseconds(Int64(isNegative ? -total : total))
  }

  private static let point = UInt8(ascii: ".")

  private static let units: [ByteString: Double] = [
    "ns": 1, "us": 1e3, "\u{B5}s": 1e3, "\u{3BC}s": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
  ]
}
