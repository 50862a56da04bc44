// Every size of this storey that no setting changes.

enum MessageLimits {
  /// What one peer may send without a pause before the loop turns to others: a few full reads.
  static let unbrokenBytes = 128 * 1024
  /// Ciphertext that waits for more to go out in one packet: the tickets behind a handshake.
  static let joinedBytes = 4 * 1024
}
