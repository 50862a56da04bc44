// Every size of this layer that no setting changes.

enum MessageLimits {
  /// What one peer may send without a pause before the loop turns to others: a few full reads.
  static let unbrokenBytes = 512 * 1024
  /// Content that is read where it is kept, and not copied there: at least so much, and so much at once. The budget for
  /// content is asked after each read.
  static let contentInPlace = 16 * 1024...256 * 1024
  /// Ciphertext that waits for more to go out in one packet: the tickets behind a handshake.
  static let joinedBytes = 4 * 1024
}
