// HMAC-SHA-256 (RFC 2104): digests that only the holder of a key can make.

import COpenSSL

/// One key, ready to digest any number of messages. The key is kept inside OpenSSL's context, which wipes it.
@safe package struct HMACSHA256: ~Copyable, @unchecked Sendable {
  // Sendable because the context has one owner and no ties to a thread.
  private let context: OpaquePointer

  /// A key of any length; 32 random bytes are what it should be.
  package init(key: Span<UInt8>) {
    do throws(DigestError) {
      unsafe context = try Call.make("EVP_MAC_CTX_new") { unsafe EVP_MAC_CTX_new(Algorithm.hmac.handle) }
      try unsafe HMACSHA256.start(context, key: key)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  package mutating func code(for message: Span<UInt8>) -> SHA256Digest {
    do throws(DigestError) {
      // No key: the one already set is used again.
      try Call.check("EVP_MAC_init") { unsafe EVP_MAC_init(context, nil, 0, nil) }
      try Call.check("EVP_MAC_update") {
        unsafe message.withUnsafeBufferPointer { unsafe EVP_MAC_update(context, $0.baseAddress, $0.count) }
      }
      return try unsafe SHA256Digest { (bytes) throws(DigestError) in
        var written = 0
        try Call.check("EVP_MAC_final") {
          unsafe EVP_MAC_final(context, bytes, &written, SHA256Digest.byteCount)
        }
      }
    } catch {
      preconditionFailure("\(error)")
    }
  }

  package mutating func code(for message: String) -> SHA256Digest { code(for: message.utf8.span) }

  private static func start(_ context: OpaquePointer, key: Span<UInt8>) throws(DigestError) {
    // The list keeps pointers to both words, so they are such as live as long as the program.
    let name: StaticString = "digest"
    let algorithm: StaticString = "SHA256"
    let parameters = unsafe [
      OSSL_PARAM_construct_utf8_string(text(name), UnsafeMutablePointer(mutating: text(algorithm)), 0),
      OSSL_PARAM_construct_end(),
    ]
    // NULL would mean "keep the key", so that an empty one still needs an address.
    let nothing: [UInt8] = [0]
    try Call.check("EVP_MAC_init") {
      unsafe key.withUnsafeBufferPointer { key in
        unsafe nothing.withUnsafeBufferPointer {
          unsafe EVP_MAC_init(context, key.baseAddress ?? $0.baseAddress, key.count, parameters)
        }
      }
    }
  }

  private static func text(_ word: StaticString) -> UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(word.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
