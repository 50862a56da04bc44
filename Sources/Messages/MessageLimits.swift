// Every size of this layer that no setting changes.

package enum MessageLimits {
  /// What one peer may send without a pause before the loop turns to others: a few full reads.
  static let unbrokenBytes = 512 * 1024
  /// Content that is read where it is kept, and not copied there: at least so much, and so much at once. The budget for
  /// content is asked after each read.
  static let contentInPlace = 16 * 1024...256 * 1024
  /// Ciphertext that waits for more to go out in one packet: the tickets behind a handshake.
  static let joinedBytes = 4 * 1024
  /// What a refused request's body may take to send for the connection to go on behind it. Beyond that a new connection
  /// is cheaper; Go's server draws the line at the same size.
  package static let discardedBodyBytes = 256 * 1024
}
