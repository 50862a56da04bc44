// When a watch has files read: what changed, is at rest, or was refused.

import Testing

@testable import Gate

@Suite struct FileWatchTests {
  private let start = ContinuousClock.now

  private func watch(_ inForce: Int = 1, every interval: Duration? = .seconds(2)) -> FileWatch<Int> {
    FileWatch(inForce, every: interval, from: start)
  }

  /// When files, of which `stamps` says what they are at each time, are read; a look is made whenever one is due.
  private func reads(
    _ watch: FileWatch<Int>, until end: Duration, of stamps: (Duration) -> Int
  ) -> [Duration] {
    var watch = watch
    var reads: [Duration] = []
    var now = start
    while let pause = watch.pause(at: now) {
      now += pause
      let time = now - start
      if time > end { break }
      if watch.look({ stamps(time) }, at: now) { reads.append(time) }
    }
    return reads
  }

  @Test func `what has not changed is not read`() {
    #expect(reads(watch(), until: .seconds(3_600)) { _ in 1 } == [])
  }

  @Test func `without an interval there are no looks`() {
    #expect(watch(every: nil).pause(at: start) == nil)
    var refused = watch(every: nil)
    refused.refuse(at: start)
    #expect(refused.pause(at: start) == nil)
  }

  @Test func `what changed while it was read is found`() {
    #expect(reads(watch(), until: .seconds(4)) { _ in 2 } == [.seconds(4)])
  }

  @Test(arguments: [(100, 1_100), (1_000, 2_000), (2_000, 4_000), (5_000, 10_000), (60_000, 65_000)])
  func `a change is read when it has rested for an interval, at least a second and at most five`(
    interval: Int, read: Int
  ) {
    let watch = watch(every: .milliseconds(interval))
    #expect(reads(watch, until: .milliseconds(read)) { _ in 2 } == [.milliseconds(read)])
  }

  @Test func `what is being written is not read before it rests`() {
    // Another stamp every second for 10 s; looks are every two.
    let found = reads(watch(), until: .seconds(12)) { time in min(Int(time.components.seconds), 10) + 2 }
    #expect(found == [.seconds(12)])
  }

  @Test func `what never rests is read all the same, after a while`() {
    let found = reads(watch(), until: .seconds(40)) { time in Int(time.components.seconds) + 2 }
    #expect(found == [.seconds(2) + GateLimits.restPatience])
  }

  @Test func `files that went back to what is in force need not be read`() {
    #expect(reads(watch(), until: .seconds(60)) { $0 < .seconds(3) ? 2 : 1 } == [])
  }

  @Test func `what was refused is tried at each look, changed or not, at most once a second`() {
    for (interval, pause) in [(100, 1_000), (2_000, 2_000)] {
      var watch = watch(every: .milliseconds(interval))
      watch.refuse(at: start)
      for round in 1...3 {
        let now = start + .milliseconds(round * pause)
        #expect(watch.pause(at: now - .milliseconds(1)) == .milliseconds(1))
        let early = watch.look({ 1 }, at: now - .milliseconds(1))
        let due = watch.look({ 1 }, at: now)
        #expect(!early && due)
        watch.refuse(at: now)
      }
    }
  }

  @Test func `what was refused and is being written is not tried before it rests`() {
    var refused = watch()
    refused.refuse(at: start)
    let found = reads(refused, until: .seconds(12)) { time in min(Int(time.components.seconds), 10) }
    #expect(found == [.seconds(12)])
  }
}
