// What a running gate counts about its policies, for anyone who exports metrics.

internal import Policy
internal import Synchronization

/// Shared by the workers and touched rarely: reloads, and answers that the shadow policies would have given differently.
package final class GateCounters: Sendable {
  package struct Values: Sendable, Equatable {
    package var reloads = 0
    package var refusedReloads = 0
    package var shadowWouldAllow = 0
    package var shadowWouldDeny = 0
    package var failedHandshakes = 0
    /// Connections that ended before the client had sent a byte.
    package var silentConnections = 0
  }

  private let values = Mutex(Values())

  package var snapshot: Values { values.withLock { $0 } }

  func countReload(refused: Bool) {
    values.withLock { if refused { $0.refusedReloads += 1 } else { $0.reloads += 1 } }
  }

  func countFailedHandshake() { values.withLock { $0.failedHandshakes += 1 } }

  func countSilentConnection() { values.withLock { $0.silentConnections += 1 } }

  func count(_ difference: Shadow.Difference) {
    guard difference != .none else { return }
    values.withLock {
      if difference == .wouldAllow { $0.shadowWouldAllow += 1 } else { $0.shadowWouldDeny += 1 }
    }
  }
}
