// Why there is no response of Consul's, and whose fault that is.

package import Messages
package import Policy

/// Indirect, so that what seldom happens takes little room in the frames of all who could throw it.
package indirect enum UpstreamFailure: Error {
  // The client's
  /// What was permitted is no more.
  case denied(Denial)
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
}
