// The few numbers that many runs are told in.

enum Statistics {
  /// Of an even count, the middle between the two in the middle. Nil of nothing.
  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The median of the ratios of runs that were made side by side, so that what slowed the machine down for a while
  /// slowed both. Pairs without a meaning, over zero, are left out.
  static func medianRatio(_ values: [Double], over others: [Double]) -> Double? {
    median(zip(values, others).compactMap { $1 > 0 ? $0 / $1 : nil })
  }
}
