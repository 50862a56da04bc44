// Peering tokens as the log shows them.
import Digests

/// HMAC-SHA-256 of a peering token under a secret that goes with the audit key: whoever has the log and
/// not the key can see that two requests carried the same token, and not test a guess. One of these
/// belongs to one thread.
package struct TokenDigester: ~Copyable, Sendable {
  private var code: HMACSHA256

  init(secret: [UInt8]) { code = HMACSHA256(key: secret.span) }

  /// Without an audit key: digests that can be compared within one run of the gate. Workers share
  /// `secret`, 32 random bytes.
  package init(ephemeralSecret secret: [UInt8]) { self.init(secret: secret) }

  /// 64 hexadecimal digits for the token exactly as it was sent.
  package mutating func digest(of token: Span<UInt8>) -> String { code.code(for: token).hexadecimal }
}
