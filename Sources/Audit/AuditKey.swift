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

  /// Base64 of the Ed25519 signature over the text below; nil only if OpenSSL fails, and then the record
  /// goes out unsigned rather than not at all.
  ///
  ///     "peergate audit 1" LF event_type LF seq LF previous LF created_at LF
  ///
  /// with the members' text as it stands in the line. `previous` covers everything before.
  func signature(eventType: String, sequence: UInt64, previous: SHA256Digest, createdAt: [UInt8]) -> String? {
    let text = "peergate audit 1\n\(eventType)\n\(sequence)\n\(previous.hexadecimal)\n"
    var message = Array(text.utf8)
    message += createdAt
    message.append(UInt8(ascii: "\n"))
    guard let signature = try? key.sign(message.span) else { return nil }
    return Base64.encode(signature.span)
  }
}
