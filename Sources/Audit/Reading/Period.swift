// Times as people write them.
package import Bytes

/// From an instant until right before another; either may be open.
package struct Period: Sendable, Equatable {
  package var start: WallTime?
  package var end: WallTime?

  package init(start: WallTime? = nil, end: WallTime? = nil) {
    self.start = start
    self.end = end
  }

  package func contains(_ time: WallTime) -> Bool {
    if let start, time < start { return false }
    if let end, time >= end { return false }
    return true
  }

  /// What both have.
  package func intersection(_ other: Period) -> Period {
    Period(
      start: [start, other.start].compactMap { $0 }.max(), end: [end, other.end].compactMap { $0 }.min())
  }
}

package struct PeriodReader: Sendable {
  private let now: WallTime
  /// Whether a time without a zone is meant in the reader's own; else it is UTC.
  private let isLocal: Bool

  package init(now: WallTime, isLocal: Bool = false) {
    self.now = now
    self.isLocal = isLocal
  }

  /// `A..B`, from the beginning of A to the end of B, either of which may be missing; or one date or time, all of it.
  package func period(_ text: ByteString) -> Period? {
    let bytes = Array(text.utf8)
    guard let dots = bytes.indices.dropLast().first(where: { bytes[$0] == 46 && bytes[$0 + 1] == 46 }) else {
      guard let whole = instant(bytes[...]), whole.lowerBound < whole.upperBound else { return nil }
      return Period(start: whole.lowerBound, end: whole.upperBound)
    }
    let (first, last) = (bytes[..<dots], bytes[(dots + 2)...])
    var period = Period()
    if !first.isEmpty {
      guard let start = instant(first) else { return nil }
      period.start = start.lowerBound
    }
    if !last.isEmpty {
      guard let end = instant(last) else { return nil }
      period.end = end.upperBound
    }
    if let start = period.start, let end = period.end, start >= end { return nil }
    return first.isEmpty && last.isEmpty ? nil : period
  }

  /// The beginning of a date or time, or so long ago.
  package func start(_ text: ByteString) -> WallTime? { instant(Array(text.utf8)[...])?.lowerBound }

  /// `1h30m` ago is one instant; a date or time reaches up to the next.
  private func instant(_ text: ArraySlice<UInt8>) -> Range<WallTime>? {
    if text.elementsEqual("now".utf8) { return now..<now }
    if let seconds = Self.seconds(text) {
      let instant = WallTime(microseconds: now.microseconds - seconds * 1_000_000)
      return instant..<instant
    }
    guard let (civil, offset) = Self.zoned(text), let time = CivilTime(civil),
      offset == nil || time.precision >= .hour
    else { return nil }
    func seconds(_ time: CivilTime) -> Int64? {
      if let offset { return time.seconds - offset }
      return isLocal ? LocalTime.seconds(time) : time.seconds
    }
    let next = time.following
    guard let first = seconds(time), let last = seconds(next) else { return nil }
    let start = WallTime(microseconds: first * 1_000_000 + time.microsecond)
    return start..<max(start, WallTime(microseconds: last * 1_000_000 + next.microsecond))
  }

  /// A duration: `90s`, `15m`, `1h30m`, `7d`, `2w`, `1w2d`. Each unit once, the larger first; nil for anything else and
  /// for more than a century, which nobody means.
  package static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
    let units: [(letter: UInt8, seconds: Int64)] = [
      (UInt8(ascii: "w"), 604_800), (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3_600),
      (UInt8(ascii: "m"), 60), (UInt8(ascii: "s"), 1),
    ]
    var rest = text
    var total: Int64 = 0
    var next = 0
    if rest.isEmpty { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { 0x30...0x39 ~= $0 }
      guard 1...10 ~= digits.count, let letter = rest.dropFirst(digits.count).first,
        let unit = units[next...].firstIndex(where: { $0.letter == letter })
      else { return nil }
      total += digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) } * units[unit].seconds
      next = unit + 1
      rest = rest.dropFirst(digits.count + 1)
    }
    return total <= AuditLimits.periodSeconds ? total : nil
  }

  /// Cuts `Z`, `+02:00`, `-0530` off; the offset is in seconds.
  private static func zoned(_ text: ArraySlice<UInt8>) -> (civil: ArraySlice<UInt8>, offset: Int64?)? {
    if text.last == UInt8(ascii: "Z") { return (text.dropLast(), 0) }
    // Only a time has a zone, and only behind it can a hyphen be a sign.
    guard let clock = text.firstIndex(where: { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") }),
      let sign = text[clock...].lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") })
    else { return (text, nil) }
    let digits = text[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 4, digits.allSatisfy({ 0x30...0x39 ~= $0 }),
      text[(sign + 1)...].count == 4 || text[sign + 3] == UInt8(ascii: ":")
    else { return nil }
    let values = digits.map { Int64($0 - 0x30) }
    let (hours, minutes) = (values[0] * 10 + values[1], values[2] * 10 + values[3])
    guard hours < 24, minutes < 60 else { return nil }
    return (text[..<sign], (hours * 60 + minutes) * (text[sign] == UInt8(ascii: "+") ? 60 : -60))
  }
}
