// Connections to Consul: shared fairly, given back always.

import Messages
import Sockets
import Support
import Testing

@testable import Consul
@testable import Gate

@Suite struct UpstreamPoolTests {
  /// Two workers' pools over one budget, on one loop for the test's sake.
  private struct Pools {
    let budget: UpstreamBudget
    let first: UpstreamPool
    let second: UpstreamPool

    init(connections: Int, port: UInt16, on loop: EventLoop) throws {
      var limits = UpstreamLimits()
      limits.connections = connections
      limits.queueTimeout = .seconds(20)
      let settings = UpstreamSettings(endpoint: .tcp(host: "127.0.0.1", port: port))
      budget = UpstreamBudget(limits: limits)
      first = try UpstreamPool(settings: settings, limits: limits, budget: budget, loop: loop)
      second = try UpstreamPool(settings: settings, limits: limits, budget: budget, loop: loop)
    }
  }

  @Test func `what lies idle in one worker does not starve another`() async throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let port = upstream.port
    try await Resident.live { resident in
      let pools = try Pools(connections: 2, port: port, on: resident.loop)
      let one = try await pools.first.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop))
      let two = try await pools.first.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop))
      pools.first.release(one, reusable: true)
      pools.first.release(two, reusable: true)
      let other = try await pools.second.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop))
      pools.second.release(other, reusable: true)
    }
  }

  @Test func `who waits for a connection gets the next one that is given back`() async throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let port = upstream.port
    try await Resident.live { resident in
      let pools = try Pools(connections: 1, port: port, on: resident.loop)
      let held = Confined(
        try await pools.first.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop)))
      let pool = Confined(pools.first)
      var order: [Int] = []
      await withTaskGroup(of: Int.self) { group in
        for number in 0..<20 {
          group.addTask(executorPreference: resident.loop) { await resident.takeInTurn(number, from: pool) }
          await resident.loop.sleep(until: resident.loop.now)
        }
        pool.value.release(held.value, reusable: true)
        for await number in group { order.append(number) }
      }
      #expect(order == Array(0..<20))
    }
  }

  @Test func `a place is given back when the connection cannot be made`() async throws {
    let nobody = try HeldPort()
    let port = nobody.port
    defer { nobody.release() }
    try await Resident.live { resident in
      let pools = try Pools(connections: 2, port: port, on: resident.loop)
      for _ in 0..<10 {
        do throws(UpstreamFailure) {
          _ = try await pools.first.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop))
          Issue.record("it was made")
        } catch {}
      }
      #expect(pools.budget.acquireConnection())
      #expect(pools.budget.acquireConnection())
      #expect(!pools.budget.acquireConnection())
    }
  }

  @Test func `a place is counted until its connection is closed, and once`() async throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let port = upstream.port
    try await Resident.live { resident in
      let pools = try Pools(connections: 2, port: port, on: resident.loop)
      for reusable in [true, false, true, false] {
        let connection = try await pools.first.acquire(.any, of: .alone, waitingIn: Waiter(on: resident.loop))
        pools.first.release(connection, reusable: reusable)
      }
      let again = try await pools.first.acquire(.fresh, of: .alone, waitingIn: Waiter(on: resident.loop))
      #expect(pools.budget.acquireConnection())
      #expect(!pools.budget.acquireConnection())
      pools.budget.releaseConnection()
      pools.first.release(again, reusable: false)
    }
  }
}

extension Resident {
  /// Waits for the pool's one connection and gives it back; the number says who it was.
  fileprivate func takeInTurn(_ number: Int, from pool: Confined<UpstreamPool>) async -> Int {
    if let connection = try? await pool.value.acquire(.any, of: .alone, waitingIn: Waiter(on: loop)) {
      await loop.sleep(until: loop.now)
      pool.value.release(connection, reusable: true)
      return number
    }
    return -1
  }
}

extension SubjectUsage {
  /// One subject for a whole test, with the usual limits.
  fileprivate static let alone = SubjectUsage(SubjectLimits(GateLimits()))
}
