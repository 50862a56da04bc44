// Every size of this storey that no setting changes.

enum MessageLimits {
  /// What one peer may send without a pause before the loop turns to others: a few full reads.
  static let unbrokenBytes = 128 * 1024
}
