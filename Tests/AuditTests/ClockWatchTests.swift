// A clock that is set back is noticed; one that is not, is not.
import Testing

@testable import Audit

struct ClockWatchTests {
  /// Readings in microseconds of either clock.
  private static func reading(_ wall: Int64, _ monotonic: Int64) -> ClockWatch.Reading {
    (WallTime(microseconds: wall), MonotonicTime(nanoseconds: monotonic * 1_000))
  }

  private static let start = reading(10_000_000_000, 5_000_000)

  /// A watch that has read the clocks once.
  private func watch() -> ClockWatch {
    var watch = ClockWatch()
    #expect(watch.check(Self.start) { Self.start } == nil)
    return watch
  }

  @Test(arguments: [
    (back: 999_999 as Int64, isTold: false), (1_000_000, false), (1_000_001, true), (7_200_000_000, true),
  ])
  func `back by more than a second`(_ back: Int64, _ isTold: Bool) {
    var watch = watch()
    // Three seconds later: what goes back by less than that still shows a later time than before.
    let reading = Self.reading(10_003_000_000 - back, 8_000_000)
    let step = watch.check(reading) { reading }
    let expected = ClockWatch.Step(
      from: WallTime(microseconds: 10_003_000_000), to: WallTime(microseconds: 10_003_000_000 - back))
    #expect(step == (isTold ? expected : nil))
    // Told once: that is its time from now on.
    #expect(watch.check(reading) { reading } == nil)
  }

  @Test func `a clock that was set forward is no event, and its way back is one`() {
    var watch = watch()
    let forward = Self.reading(20_000_000_000, 5_000_001)
    #expect(watch.check(forward) { forward } == nil)
    let back = Self.reading(10_000_000_000, 5_000_002)
    #expect(watch.check(back) { back }?.to == back.wall)
  }

  @Test func `a process that was stopped between the two clocks sees nothing`() {
    var watch = watch()
    // The wall clock was read, and the other one a minute later.
    let torn = Self.reading(10_000_000_001, 65_000_000)
    let whole = Self.reading(10_060_000_002, 65_000_001)
    #expect(watch.check(torn) { whole } == nil)
    #expect(watch.check(whole) { whole } == nil)
  }

  @Test func `small steps in a row are no event`() {
    var watch = watch()
    for step in 1...5 as ClosedRange<Int64> {
      let reading = Self.reading(10_000_000_000 - step * 900_000, 5_000_000)
      #expect(watch.check(reading) { reading } == nil)
    }
  }
}
