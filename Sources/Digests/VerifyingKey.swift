// An Ed25519 public key (RFC 8032): checks signatures.

import COpenSSL

package struct VerifyingKey: Sendable, Hashable {
  package static let byteCount = 32
  package static let signatureBytes = 64

  package let bytes: [UInt8]

  /// Exactly 32 bytes, or nil.
  package init?(bytes: Span<UInt8>) {
    guard bytes.count == VerifyingKey.byteCount else { return nil }
    var copy: [UInt8] = []
    for index in bytes.indices { copy.append(bytes[index]) }
    self.bytes = copy
  }

  /// From a `-----BEGIN PUBLIC KEY-----` block.
  package init(pem: Span<UInt8>) throws(DigestError) {
    let expected = "an Ed25519 key to verify with, in PEM (BEGIN PUBLIC KEY)"
    do throws(DigestError) {
      let key = try unsafe PEM.read(pem) { unsafe PEM_read_bio_PUBKEY($0, nil, refusePassword, nil) }
      defer { unsafe EVP_PKEY_free(key) }
      self = try unsafe VerifyingKey(publicPartOf: key)
    } catch {
      throw .unusableKey(expected: expected)
    }
  }

  /// Copies the public half out of either kind of key; refuses one that is not Ed25519.
  init(publicPartOf key: OpaquePointer) throws(DigestError) {
    guard unsafe EVP_PKEY_is_a(key, "ED25519") == 1 else {
      throw .unusableKey(expected: "an Ed25519 key")
    }
    var bytes = [UInt8](repeating: 0, count: VerifyingKey.byteCount)
    var count = bytes.count
    try Call.check("EVP_PKEY_get_raw_public_key") {
      unsafe bytes.withUnsafeMutableBufferPointer {
        unsafe EVP_PKEY_get_raw_public_key(key, $0.baseAddress, &count)
      }
    }
    self.bytes = bytes
  }

  package func pem() throws(DigestError) -> [UInt8] {
    let key = try unsafe handle()
    defer { unsafe EVP_PKEY_free(key) }
    return try unsafe PEM.write { unsafe PEM_write_bio_PUBKEY($0, key) }
  }

  /// A short public name for the key: the digest of its 32 bytes.
  package var fingerprint: SHA256Digest { SHA256.digest(of: bytes.span) }

  /// False for any signature that this key did not make over exactly this message. Throws only if OpenSSL
  /// cannot answer.
  package func isValid(signature: Span<UInt8>, for message: Span<UInt8>) throws(DigestError) -> Bool {
    guard signature.count == VerifyingKey.signatureBytes else { return false }
    let key = try unsafe handle()
    defer { unsafe EVP_PKEY_free(key) }
    let context = try unsafe Call.make("EVP_MD_CTX_new") { unsafe EVP_MD_CTX_new() }
    defer { unsafe EVP_MD_CTX_free(context) }
    try Call.check("EVP_DigestVerifyInit") { unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) }
    Call.clear()
    let answer = unsafe signature.withUnsafeBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe EVP_DigestVerify(
          context, signature.baseAddress, signature.count, message.baseAddress, message.count)
      }
    }
    // 0 is "no"; anything else but 1 is a failure, which the signature's maker could also provoke: no.
    Call.clear()
    return answer == 1
  }

  private func handle() throws(DigestError) -> OpaquePointer {
    try unsafe Call.make("EVP_PKEY_new_raw_public_key") {
      unsafe bytes.withUnsafeBufferPointer {
        unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, $0.baseAddress, $0.count)
      }
    }
  }
}
