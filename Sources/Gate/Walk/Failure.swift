// Why a request is not answered with Consul's reply, and whose fault that is.

internal import Consul
internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Record
internal import TLS

/// One enum for the whole walk; `Outcome` turns each case into an answer and a reason for the record.
///
/// Indirect, so that what seldom happens takes little room in the frames of all who could throw it.
indirect enum Failure: Error {
  // The client's
  /// Its bytes are no HTTP message we accept, or it was too slow with them, or it left in the middle.
  case request(MessageError)
  /// It is none of the five operations, or one of them badly made.
  case refused(Refusal)
  /// It may not do what it asks.
  case denied(Denial)
  /// Its certificate would not be accepted any more.
  case unproven(ProofFault)

  // Anybody's
  /// Consul gave no response that may be shown.
  case upstream(UpstreamFailure)

  // Ours
  /// The gate is stopping.
  case draining
  /// The record could not be kept; the change was not made, or its answer is withheld.
  case unrecorded(LedgerError)

  init(_ failure: UpstreamFailure) {
    if case .denied(let denial) = failure { self = .denied(denial) } else { self = .upstream(failure) }
  }
}
