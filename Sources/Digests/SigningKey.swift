// An Ed25519 private key (RFC 8032): signs audit checkpoints.

import COpenSSL

/// The private half. It cannot be copied or printed; it leaves only as PEM, when asked to.
@safe package struct SigningKey: ~Copyable, @unchecked Sendable {
  // Sendable because an EVP_PKEY is not changed by signing, and has one owner here.
  private let key: OpaquePointer

  private init(owning key: OpaquePointer) {
    unsafe self.key = unsafe key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  package static func generate() throws(DigestError) -> SigningKey {
    let seed = try Randomness.bytes(32)
    return try SigningKey(seed: seed.span)
  }

  /// From the 32 bytes that RFC 8032 calls the private key.
  package init(seed: Span<UInt8>) throws(DigestError) {
    let key = try unsafe Call.make("EVP_PKEY_new_raw_private_key") {
      unsafe seed.withUnsafeBufferPointer {
        unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, $0.baseAddress, $0.count)
      }
    }
    unsafe self.init(owning: key)
  }

  /// From an unencrypted PKCS #8 block, `-----BEGIN PRIVATE KEY-----`.
  package init(pem: Span<UInt8>) throws(DigestError) {
    let expected = "an unencrypted Ed25519 key in PEM (BEGIN PRIVATE KEY), and no other block"
    let key: OpaquePointer
    do throws(DigestError) {
      unsafe key = try PEM.read(pem) { unsafe PEM_read_bio_PrivateKey($0, nil, refusePassword, nil) }
    } catch {
      throw .unusableKey(expected: expected)
    }
    if unsafe EVP_PKEY_is_a(key, "ED25519") != 1 {
      unsafe EVP_PKEY_free(key)
      throw .unusableKey(expected: expected)
    }
    unsafe self.init(owning: key)
  }

  package func pem() throws(DigestError) -> [UInt8] {
    try unsafe PEM.write { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
  }

  package func verifyingKey() throws(DigestError) -> VerifyingKey {
    try unsafe VerifyingKey(publicPartOf: key)
  }

  /// 64 bytes; the same for the same key and message.
  package func sign(_ message: Span<UInt8>) throws(DigestError) -> [UInt8] {
    let context = try unsafe Call.make("EVP_MD_CTX_new") { unsafe EVP_MD_CTX_new() }
    defer { unsafe EVP_MD_CTX_free(context) }
    try Call.check("EVP_DigestSignInit") { unsafe EVP_DigestSignInit(context, nil, nil, nil, key) }
    var signature = [UInt8](repeating: 0, count: VerifyingKey.signatureBytes)
    var count = signature.count
    try Call.check("EVP_DigestSign") {
      unsafe message.withUnsafeBufferPointer { message in
        unsafe signature.withUnsafeMutableBufferPointer {
          unsafe EVP_DigestSign(context, $0.baseAddress, &count, message.baseAddress, message.count)
        }
      }
    }
    return signature
  }
}
