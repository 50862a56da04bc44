// Every size this layer limits.

enum DigestLimits {
  /// A PEM file with one Ed25519 key has about 120 bytes; comments in front of it are allowed.
  static let keyFileBytes = 16 << 10
}
