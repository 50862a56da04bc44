// How many connections to Consul may be open at once, over all workers.

internal import Synchronization

/// Shared by the workers: the one number that cannot be kept apart, since Consul counts by address.
package final class UpstreamBudget: Sendable {
  private let connections: Int
  private let blocking: Int
  private let open = Atomic(0)
  /// Requests under way.
  private let asked = Atomic(0)
  private let waiting = Atomic(0)
  private let slow = Atomic(0)
  private let slowLimit: Int
  private let queued = Atomic(0)
  /// One for each pool; see `register`.
  private let givers = Mutex<[@Sendable () -> Void]>([])

  package init(limits: UpstreamLimits) {
    connections = limits.connections
    blocking = limits.blockingConnections
    slowLimit = limits.connections - limits.connectionsForReads
  }

  /// How many more requests, blocking queries and changes may be under way than there are. Not all of them at once: each
  /// takes from the others.
  var freeForRequests: Int { connections - asked.load(ordering: .relaxed) }
  var freeForBlocking: Int { min(blocking - waiting.load(ordering: .relaxed), freeForChanges) }
  var freeForChanges: Int { slowLimit - slow.load(ordering: .relaxed) }

  func beginRequest() { asked.add(1, ordering: .relaxed) }

  func endRequest() { asked.subtract(1, ordering: .relaxed) }

  /// A connection may be opened: true, and it counts until `releaseConnection()`.
  func acquireConnection() -> Bool { Self.take(open, below: connections) }

  func releaseConnection() { open.subtract(1, ordering: .relaxed) }

  /// A blocking query may begin: true, and it counts until `releaseBlocking()`.
  func acquireBlocking() -> Bool {
    guard Self.take(waiting, below: blocking) else { return false }
    if Self.take(slow, below: slowLimit) { return true }
    waiting.subtract(1, ordering: .relaxed)
    return false
  }

  func releaseBlocking() {
    waiting.subtract(1, ordering: .relaxed)
    slow.subtract(1, ordering: .relaxed)
  }

  /// A change may be sent: true, and it counts until `releaseChange()`. Changes and blocking queries together leave some
  /// connections to reads.
  func acquireChange() -> Bool { Self.take(slow, below: slowLimit) }

  func releaseChange() { slow.subtract(1, ordering: .relaxed) }

  /// Whether others queue for a connection than the `own` requests of one worker.
  func isContended(besides own: Int) -> Bool { queueLength > own }

  var queueLength: Int { queued.load(ordering: .relaxed) }

  func beginQueueing() { queued.add(1, ordering: .relaxed) }

  func endQueueing() { queued.subtract(1, ordering: .relaxed) }

  /// `evictIdle` makes a pool close idle connections, soon. It is called from any thread.
  func register(_ evictIdle: @escaping @Sendable () -> Void) { givers.withLock { $0.append(evictIdle) } }

  /// Those that lie idle with other workers would hold their places until they are reaped, a minute from now.
  func askForIdle() {
    for evictIdle in givers.withLock({ $0 }) { evictIdle() }
  }

  /// Counts only what it grants: adding first and looking then would let one refusal cause another.
  private static func take(_ count: borrowing Atomic<Int>, below limit: Int) -> Bool {
    var seen = count.load(ordering: .relaxed)
    while seen < limit {
      let (isTaken, actual) = count.weakCompareExchange(
        expected: seen, desired: seen + 1, ordering: .relaxed)
      if isTaken { return true }
      seen = actual
    }
    return false
  }
}
