// Handshakes that failed: all counted, and as many recorded as a flood must not exceed.

package import Audit
package import Sockets

/// Of one worker. Each failure has a record while there are few; beyond `RecordLimits.handshakeRecordBurst` at once and
/// one in `RecordLimits.handshakeRecordInterval` later on they are counted, and the next record says how many.
package struct HandshakeFailures {
  private var allowance = RecordAllowance(
    burst: RecordLimits.handshakeRecordBurst, interval: RecordLimits.handshakeRecordInterval, at: .now)
  private var suppressed = 0

  package init() {}

  /// The record of a failure, or nil if it has to be left to the count.
  package mutating func event(of peer: String, reason: String, at now: Deadline) -> GateEvent? {
    guard allowance.tryAcquire(at: now) else {
      suppressed += 1
      return nil
    }
    return event([("remote_addr", .text(peer)), ("reason", .client(Array(reason.utf8)))])
  }

  /// What is counted and not recorded yet, or nil if nothing is.
  package mutating func takeEvent() -> GateEvent? { suppressed > 0 ? event([]) : nil }

  private mutating func event(_ facts: [(name: StaticString, fact: GateEvent.Fact)]) -> GateEvent {
    defer { suppressed = 0 }
    return GateEvent(
      .handshakesFailed, facts: facts + (suppressed > 0 ? [("suppressed", .number(suppressed))] : []))
  }
}
