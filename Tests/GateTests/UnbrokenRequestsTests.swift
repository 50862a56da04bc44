// A client that sends many requests in one go does not keep the loop from others.

import Foundation
import Sockets
import Support
import Synchronization
import Testing

@testable import Gate
@testable import Record

@Suite struct UnbrokenRequestsTests {
  @Test func `so many in one turn are one connection's, and then it is the others'`() {
    var unbroken = UnbrokenRequests()
    let now = Deadline.now
    for turn in 0..<3 {
      let now = now.advanced(by: .milliseconds(turn))
      for _ in 1..<GateLimits.unbrokenRequests {
        let isOver = unbroken.isOthersTurn(at: now)
        #expect(!isOver)
      }
      let isOver = unbroken.isOthersTurn(at: now)
      #expect(isOver)
    }
  }

  @Test func `what is answered in turns of its own never waits for others`() {
    var unbroken = UnbrokenRequests()
    let now = Deadline.now
    for turn in 0..<100 {
      let isOver = unbroken.isOthersTurn(at: now.advanced(by: .nanoseconds(turn)))
      #expect(!isOver)
    }
  }

  /// The paths that were answered, in order. It can stop the worker at the next one.
  private final class Watcher: Sendable {
    private let state = Mutex((paths: [String](), isArmed: false))
    private let hasStopped = DispatchSemaphore(value: 0)
    private let mayGoOn = DispatchSemaphore(value: 0)

    func note(_ report: DecisionReport) {
      let stops = state.withLock { state in
        state.paths.append(String(decoding: report.path, as: UTF8.self))
        defer { state.isArmed = false }
        return state.isArmed
      }
      guard stops else { return }
      hasStopped.signal()
      mayGoOn.wait()
    }

    /// Runs `body` between the next answer and all that follow it.
    func stop(after first: () throws -> Void, during body: () throws -> Void) rethrows {
      state.withLock { $0 = ([], true) }
      try first()
      hasStopped.wait()
      defer { mayGoOn.signal() }
      try body()
    }

    var paths: [String] { state.withLock { $0.paths } }
  }

  @Test func `of thousands that have come, few are answered before those of others`() throws {
    let watcher = Watcher()
    let fixture = try GateFixture(upstream: 1, observer: { watcher.note($0) })
    let (loud, other) = (try fixture.connect(), try fixture.connect())
    // What a source may have in the log one by one is used up: from here on nothing is waited for.
    for client in [loud, other] {
      for _ in 0..<20 { #expect(try client.request(get("/start", as: nil)).status == 403) }
    }
    let flood = String(repeating: "GET /loud HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_000)
    try watcher.stop(
      after: { try loud.send(flood) }, during: { try other.send(get("/other", as: nil)) })
    #expect(try other.reply().status == 403)
    for _ in 0..<1_000 { #expect(try loud.reply().status == 403) }
    let paths = watcher.paths
    let place = try #require(paths.firstIndex(of: "/other"))
    #expect(place <= 4 * GateLimits.unbrokenRequests, "\(place)")
    #expect(paths.count == 1_001)
  }
}
