// Times, counted in classes whose width is less than two hundredths of their value.

/// Nanoseconds. Of a fixed size, so that counting costs no allocation.
struct Histogram: Equatable {
  /// Each power of two is cut into this many classes.
  private static let classBits = 6
  private static let classes = 1 << classBits

  private var counts = [Int](repeating: 0, count: classes * (64 - classBits + 1))
  private(set) var count = 0

  mutating func add(_ nanoseconds: UInt64) {
    counts[Self.place(of: nanoseconds)] += 1
    count += 1
  }

  /// The least value that `fraction` of all values do not exceed, as exact as the classes are; zero of nothing.
  func percentile(_ fraction: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let wanted = max(1, Int((Double(count) * fraction).rounded(.up)))
    var seen = 0
    for (place, number) in counts.enumerated() {
      seen += number
      if seen >= wanted { return Self.value(at: place) }
    }
    return Self.value(at: counts.count - 1)
  }

  static func place(of value: UInt64) -> Int {
    guard value >= UInt64(classes) else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    let shift = exponent - classBits
    return (shift + 1) * classes + Int(value >> UInt64(shift)) - classes
  }

  /// The middle of the class at a place.
  static func value(at place: Int) -> UInt64 {
    guard place >= classes else { return UInt64(place) }
    let shift = place / classes - 1
    let low = UInt64(classes + place % classes) << UInt64(shift)
    return low + (UInt64(1) << UInt64(shift)) / 2
  }
}
