// Percentiles: what the classes of a histogram may and may not lose.

import Testing

@testable import benchmarks

@Suite struct HistogramTests {
  @Test func `nothing has no percentile`() {
    #expect(Histogram().percentile(0.5) == 0)
  }

  @Test func `small values are exact`() {
    var histogram = Histogram()
    for value in 1...10 { histogram.add(UInt64(value)) }
    #expect(histogram.percentile(0.5) == 5)
    #expect(histogram.percentile(0.9) == 9)
    #expect(histogram.percentile(0.99) == 10)
    #expect(histogram.percentile(1) == 10)
    #expect(histogram.percentile(0) == 1)
  }

  @Test func `a hundredth that is slow shows behind the ninety-ninth, not before it`() {
    var histogram = Histogram()
    for _ in 0..<990 { histogram.add(20) }
    for _ in 0..<10 { histogram.add(60) }
    #expect(histogram.percentile(0.99) == 20)
    #expect(histogram.percentile(0.991) == 60)
  }

  @Test(arguments: [64, 65, 127, 128, 1_000, 123_456, 999_999_999, UInt64(Int64.max), .max])
  func `a value is told within a hundredth of itself`(_ value: UInt64) {
    var histogram = Histogram()
    histogram.add(value)
    let told = histogram.percentile(0.5)
    let difference = told > value ? told - value : value - told
    #expect(difference <= value / 100)
  }

  @Test func `larger values never fall into earlier classes`() {
    let values = (0..<63).flatMap { [UInt64(1) << $0, (UInt64(1) << $0) + 1, (UInt64(2) << $0) - 1] }
    let places = values.sorted().map(Histogram.place)
    #expect(places == places.sorted())
    #expect(Set(places).count > 120)
  }
}
