// One decision for a person who watches.

package import Audit

/// What `peergate dev` prints a line of. It goes out after the record is kept and holds nothing that the record
/// does not.
package struct DecisionReport: Sendable {
  package let subject: String?
  package let operation: String?
  package let peer: String?
  package let partition: String?
  package let method: String
  /// As the client wrote it; may be any bytes.
  package let path: [UInt8]
  package let outcome: Entry.Decision.Outcome
  package let rule: String?
  package let reason: [UInt8]?
  package let status: Int
  package let kept: Int?
  package let removed: Int?
  package let microseconds: UInt64
}

/// Called on the worker's thread: it must be quick and must not block.
package typealias DecisionObserver = @Sendable (DecisionReport) -> Void
