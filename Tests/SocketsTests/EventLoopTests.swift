// The executor: jobs, timers, wake-ups from outside, slots.

import Sockets
import Support
import Synchronization
import Testing

@Suite struct EventLoopTests {
  @Test func `work handed over from another thread wakes a loop that sleeps without a timer`() async throws {
    try await Resident.live { resident in
      let loop = resident.loop
      let answer = await withCheckedContinuation { continuation in
        Thread.start(named: "outside") { loop.perform { continuation.resume(returning: 42) } }
      }
      #expect(answer == 42)
    }
  }

  @Test func `thousands of hand-overs from several threads all arrive`() async throws {
    try await Resident.live { resident in
      let loop = resident.loop
      let count = 4 * 5_000
      await withCheckedContinuation { continuation in
        let arrived = Atomic(0)
        let shared = Shared(arrived)
        for _ in 0..<4 {
          Thread.start(named: "outside") {
            for _ in 0..<5_000 {
              loop.perform {
                if shared.value.wrappingAdd(1, ordering: .relaxed).newValue == count { continuation.resume() }
              }
            }
          }
        }
      }
    }
  }

  private final class Shared: Sendable {
    let value: Atomic<Int>
    init(_ value: consuming Atomic<Int>) { self.value = value }
  }

  @Test func `sleepers wake in the order of their deadlines`() async throws {
    try await Resident.live { resident in
      let loop = resident.loop
      let start = Deadline.now
      var order: [Int] = []
      await withTaskGroup(of: Int.self) { group in
        for milliseconds in [30, 5, 20, 10] {
          group.addTask(executorPreference: loop) {
            await resident.sleep(until: start.advanced(by: .milliseconds(milliseconds)))
            return milliseconds
          }
        }
        for await milliseconds in group { order.append(milliseconds) }
      }
      #expect(order == [5, 10, 20, 30])
    }
  }

  @Test func `a parked task whose deadline moved later wakes at the later one`() async throws {
    try await Resident.live { resident in
      let parking = Waiter(on: resident.loop)
      let start = Deadline.now
      let first = await parking.park(until: start.advanced(by: .milliseconds(5)), unless: { false })
      #expect(first == .deadline)
      let late = start.advanced(by: .milliseconds(40))
      let second = await parking.park(until: late, unless: { false })
      #expect(second == .deadline)
      #expect(Deadline.now >= late)
      let early = Deadline.after(.milliseconds(5))
      let third = await parking.park(until: early, unless: { false })
      #expect(third == .deadline)
    }
  }

  @Test func `waking an empty parking place does nothing`() async throws {
    try await Resident.live { resident in
      let parking = Waiter(on: resident.loop)
      parking.wake(.ready)
      let wake = await parking.park(until: .after(.milliseconds(1)), unless: { false })
      #expect(wake == .deadline)
    }
  }
}

extension Resident {
  func sleep(until deadline: Deadline) async { await loop.sleep(until: deadline) }
}
