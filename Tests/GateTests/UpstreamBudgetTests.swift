// The one number that the workers share.

import Sockets
import Synchronization
import Testing

@testable import Consul
@testable import Gate

@Suite struct UpstreamBudgetTests {
  private func budget(connections: Int, blockingPercent: Int) -> UpstreamBudget {
    var limits = UpstreamLimits()
    limits.connections = connections
    limits.blockingPercent = blockingPercent
    return UpstreamBudget(limits: limits)
  }

  @Test func `so many connections as the limit says, and not one more`() {
    let budget = budget(connections: 3, blockingPercent: 50)
    #expect([1, 2, 3, 4].map { _ in budget.acquireConnection() } == [true, true, true, false])
    // A refusal is not counted.
    #expect(!budget.acquireConnection())
    budget.releaseConnection()
    #expect(budget.acquireConnection())
    #expect(!budget.acquireConnection())
  }

  @Test(arguments: [(2, 50, 1), (4, 75, 3), (180, 75, 135), (3, 99, 2), (5, 39, 1)])
  func `blocking queries have their part, rounded down`(connections: Int, percent: Int, part: Int) {
    let budget = budget(connections: connections, blockingPercent: percent)
    for _ in 0..<part { #expect(budget.acquireBlocking()) }
    #expect(!budget.acquireBlocking())
    // The parts are counted apart.
    #expect(budget.acquireConnection())
    budget.releaseBlocking()
    #expect(budget.acquireBlocking())
  }

  @Test func `who queues is seen by others, not by himself`() {
    let budget = budget(connections: 2, blockingPercent: 50)
    #expect(!budget.isContended(besides: 0))
    budget.beginQueueing()
    #expect(budget.isContended(besides: 0))
    #expect(!budget.isContended(besides: 1))
    budget.endQueueing()
    #expect(!budget.isContended(besides: 0))
  }

  @Test func `taken by many threads at once, it is never exceeded and never lost`() {
    let budget = budget(connections: 4, blockingPercent: 50)
    let held = Gauge()
    let threads = (0..<8).map { number in
      Thread.spawn(named: "taker-\(number)") {
        for _ in 0..<2_000 where budget.acquireConnection() {
          held.enter()
          held.leave()
          budget.releaseConnection()
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(held.highest <= 4)
    #expect((0..<5).map { _ in budget.acquireConnection() } == [true, true, true, true, false])
  }

  private final class Gauge: Sendable {
    private let state = Mutex((now: 0, highest: 0))
    var highest: Int { state.withLock { $0.highest } }
    func enter() {
      state.withLock {
        $0.now += 1
        $0.highest = max($0.highest, $0.now)
      }
    }
    func leave() { state.withLock { $0.now -= 1 } }
  }
}
