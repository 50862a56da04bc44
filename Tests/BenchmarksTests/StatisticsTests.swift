// Medians, ratios and tables.

import Testing

@testable import benchmarks

@Suite struct StatisticsTests {
  @Test func `the median is in the middle, whatever the order`() {
    #expect(Statistics.median([]) == nil)
    #expect(Statistics.median([7]) == 7)
    #expect(Statistics.median([9, 1, 2]) == 2)
    #expect(Statistics.median([4, 1, 3, 100]) == 3.5)
  }

  @Test func `ratios are made of runs of the same round`() {
    // The machine was slow in the second round, for both: the ratio of each round is a half.
    #expect(Statistics.medianRatio([1, 10, 2], over: [2, 20, 4]) == 0.5)
    #expect(Statistics.medianRatio([1, 2], over: [0, 4]) == 0.5)
    #expect(Statistics.medianRatio([1], over: []) == nil)
  }

  @Test(arguments: [
    (0.0, 1, "0.0"), (1.25, 1, "1.3"), (9.96, 1, "10.0"), (-0.04, 1, "0.0"), (-1.5, 0, "-2"),
    (12.3456, 3, "12.346"),
    (0.05, 2, "0.05"), (Double.infinity, 1, "-"), (1_234_567.8, 0, "1234568"),
  ])
  func `numbers are rounded to digits`(_ value: Double, _ digits: Int, _ text: String) {
    #expect(value.rounded(to: digits) == text)
  }

  @Test func `numbers stand to the right, names to the left`() {
    var table = Table("name", "µs", "x")
    table.add(["a", "10.5", "1"])
    table.add(["longer", "9"])
    #expect(table.text == "name      µs  x\na       10.5  1\nlonger     9")
  }

  @Test func `figures for each request are of all its processes' time`() {
    var figures = LoadFigures()
    figures.requests = 1_000
    figures.seconds = 0.5
    figures.processorTime = ProcessorTime(user: 2, system: 3)
    #expect(figures.userEach == 20 && figures.systemEach == 30 && figures.processorEach == 50)
    #expect(figures.requestsPerSecond == 2_000)
    #expect(figures.busy == 0.1)
    figures.memoryBefore = Memory(residentKilobytes: 0, proportionalKilobytes: 500)
    figures.memory = Memory(residentKilobytes: 0, proportionalKilobytes: 12_500)
    #expect(figures.kilobytesEach == 12)
  }

  @Test func `others are what the machine did beyond the benchmark`() {
    var figures = LoadFigures()
    figures.seconds = 1
    figures.machineTime = ProcessorTime(user: 120, system: 60)
    figures.processorTime = ProcessorTime(user: 50, system: 20)
    figures.loadTime = ProcessorTime(user: 30, system: 30)
    #expect(abs(figures.others - 0.5) < 0.001)
    #expect(Comparison.disturbance([figures]).contains("50 % of a core"))
    figures.machineTime = ProcessorTime(user: 85, system: 50)
    #expect(Comparison.disturbance([figures]) == "")
    #expect(Comparison.disturbance([]) == "")
  }

  @Test func `figures come through their JSON as they were`() throws {
    var figures = LoadFigures()
    figures.requests = 12
    figures.seconds = 1.5
    figures.processorTime = ProcessorTime(user: 3, system: 4)
    figures.loadTime = ProcessorTime(user: 5, system: 6)
    figures.machineTime = ProcessorTime(user: 14, system: 15)
    figures.memory = Memory(residentKilobytes: 7, proportionalKilobytes: 8)
    figures.memoryBefore = Memory(residentKilobytes: 9, proportionalKilobytes: 10)
    figures.median = 11
    figures.percentile99 = 12
    figures.protocolVersion = "TLSv1.3"
    figures.resumed = 13
    #expect(try LoadFigures(json: Array(figures.json.utf8)) == figures)
    #expect(throws: Trouble.self) { try LoadFigures(json: []) }
  }
}
