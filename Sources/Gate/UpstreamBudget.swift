// How many connections to Consul may be open at once, over all workers.

internal import Synchronization

/// Shared by the workers: the one number that cannot be kept apart, since Consul counts by address.
package final class UpstreamBudget: Sendable {
  private let connections: Int
  private let blocking: Int
  private let open = Atomic(0)
  private let waiting = Atomic(0)
  private let queued = Atomic(0)
  /// One for each pool; see `register`.
  private let givers = Mutex<[@Sendable () -> Void]>([])

  init(limits: GateLimits) {
    connections = limits.upstreamConnections
    blocking = limits.blockingConnections
  }

  /// A connection may be opened: true, and it counts until `giveConnection()`.
  func takeConnection() -> Bool { Self.take(open, below: connections) }

  func giveConnection() { open.subtract(1, ordering: .relaxed) }

  /// A blocking query may begin: true, and it counts until `giveBlocking()`.
  func takeBlocking() -> Bool { Self.take(waiting, below: blocking) }

  func giveBlocking() { waiting.subtract(1, ordering: .relaxed) }

  /// While someone queues for a connection, idle ones are closed instead of kept: the one who waits may live on
  /// another worker, which cannot use ours.
  var isContended: Bool { queued.load(ordering: .relaxed) > 0 }

  /// `giveUpIdle` makes a pool close its idle connections, soon. It is called from any thread.
  func register(_ giveUpIdle: @escaping @Sendable () -> Void) { givers.withLock { $0.append(giveUpIdle) } }

  /// Those that are idle already would hold their places until they are reaped, a minute from now.
  func beginQueueing() {
    queued.add(1, ordering: .relaxed)
    for giveUpIdle in givers.withLock({ $0 }) { giveUpIdle() }
  }

  func endQueueing() { queued.subtract(1, ordering: .relaxed) }

  private static func take(_ count: borrowing Atomic<Int>, below limit: Int) -> Bool {
    if count.add(1, ordering: .relaxed).newValue <= limit { return true }
    count.subtract(1, ordering: .relaxed)
    return false
  }
}
