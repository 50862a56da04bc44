// Why a request is not answered with Consul's reply, and whose fault that is.

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
  /// Its token has as much as one token may have.
  case tooMany(SubjectUsage.Share, count: Int)
  /// It left while Consul was being asked on its behalf.
  case clientLeft

  // Consul's
  /// No connection: refused, unresolved, not trusted, or too slow to be made.
  case unreachable(ChannelError)
  /// The reply broke the grammar, came too late or was cut.
  case reply(MessageError)
  /// A well-formed reply that does not say what Consul says; the text tells what was wrong with it.
  case nonsense(String)

  // Ours
  /// Every connection to Consul that we may have is in use.
  case busy
  /// The gate is stopping.
  case draining
  /// The record could not be kept; the change was not made, or its answer is withheld.
  case unrecorded(LedgerError)
}
