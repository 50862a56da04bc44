// What tells one version of a credential file from the next, and gives nothing away.

internal import COpenSSL

/// SHA-256 of a file as it was read. Of one with a private key never of its bytes: of the public key, or, where a
/// certificate stands beside its key, of that.
package struct CredentialDigest: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case certificate, key, authorities, revocations
  }

  package let kind: Kind
  package let file: String
  package let bytes: [UInt8]

  /// - Parameter content: no part of a secret.
  init(_ kind: Kind, _ file: String, of content: [UInt8]) throws(TLSError) {
    self.kind = kind
    self.file = file
    var digest = [UInt8](repeating: 0, count: Fingerprint.byteCount)
    try Call.check("EVP_Digest") {
      unsafe EVP_Digest(content, content.count, &digest, nil, EVP_sha256(), nil)
    }
    bytes = digest
  }
}
