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

  private actor Hibernator {
    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    init(on loop: EventLoop) { self.loop = loop }

    func sleepWhileTheLoopStops() async -> Wake {
      loop.stop()
      return await Waiter(on: loop).park(until: loop.now.advanced(by: .seconds(3_600)), unless: { false })
    }
  }

  @Test func `who sleeps when the loop stops is interrupted, and lets go of the loop`() async throws {
    weak var remains: EventLoop?
    let woken = Flag()
    do {
      let loop = try EventLoop()
      remains = loop
      let thread = Thread.spawn(named: "test-loop") { loop.run() }
      let sleeper = Hibernator(on: loop)
      let task = Task(executorPreference: loop) {
        if await sleeper.sleepWhileTheLoopStops() == .interrupted { woken.set() }
      }
      thread.join()
      #expect(woken.isSet)
      if woken.isSet { await task.value }
    }
    #expect(eventually { remains == nil })
  }
}
