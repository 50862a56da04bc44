// What an audit key signs, and the key.
package import Digests

/// The key that signs checkpoints, shared by the sinks of one journal.
package final class AuditKey: Sendable {
  private let key: SigningKey
  package let publicKey: VerifyingKey

  /// Digests peering tokens, where the operator has named no other key for that.
  package let tokenDigestKey: TokenDigestKey

  package init(_ key: consuming SigningKey) throws(DigestError) {
    publicKey = try key.verifyingKey()
    tokenDigestKey = try TokenDigestKey(key)
    self.key = key
  }

  /// Base64 of the Ed25519 signature over `peergate audit 2`, a newline, and `record`: the whole line as it stands in
  /// the log, without its newline and without the member `signature`. Nil only if OpenSSL fails, and then the record
  /// goes out unsigned rather than not at all.
  func signature(over record: [UInt8]) -> String? {
    let message = Array("peergate audit 2\n".utf8) + record
    guard let signature = try? key.sign(message.span) else { return nil }
    return Base64.encode(signature.span)
  }
}
