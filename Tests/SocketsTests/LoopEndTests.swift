// What becomes of those who wait when their loop ends.

import Sockets
import Support
import Synchronization
import Testing

@Suite struct LoopEndTests {
  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }

  @Test func `who sleeps when the loop stops is interrupted, and lets go of the loop`() async throws {
    weak var remains: EventLoop?
    let woken = Flag()
    do {
      let loop = try EventLoop()
      remains = loop
      let thread = Thread.spawn(named: "test-loop") { loop.run() }
      let task = Task(executorPreference: loop) {
        let place = Parking(on: loop)
        loop.stop()
        let reason = await place.park(until: loop.now.advanced(by: .seconds(3_600)))
        if reason == .interrupted { woken.set() }
      }
      thread.join()
      #expect(woken.isSet)
      if woken.isSet { await task.value }
    }
    #expect(eventually { remains == nil })
  }
}
