// SHA-256 over bytes that are there at once, or that come in pieces.

import COpenSSL

/// A running SHA-256. `finish()` leaves it ready for the next message, so that anyone who hashes often keeps
/// one and saves two allocations a message.
///
/// Nothing here throws: with the algorithm fetched, OpenSSL fails these calls only for want of memory, and
/// Swift itself stops there. An OpenSSL without SHA-256 stops the program at the first use. So nobody asks for the
/// reason of a failure here, and OpenSSL's error queue need not be looked at before each call.
@safe package struct SHA256: ~Copyable, @unchecked Sendable {
  // Sendable because the context has one owner and no ties to a thread.
  private let context: OpaquePointer

  package init() {
    do throws(DigestError) {
      unsafe context = try Call.make("EVP_MD_CTX_new") { unsafe EVP_MD_CTX_new() }
    } catch {
      preconditionFailure("\(error)")
    }
    start()
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in
      let updated = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      precondition(updated == 1, "SHA-256 could not be continued")
    }
  }

  /// The digest of everything since the start or the last `finish()`.
  package mutating func finish() -> SHA256Digest {
    let digest = end()
    start()
    return digest
  }

  /// The digest of two digests, one behind the other: a link of a chain. Nothing may have been added before.
  package mutating func digest(of first: SHA256Digest, and second: SHA256Digest) -> SHA256Digest {
    let (left, right) = (first.networkOrder, second.networkOrder)
    let words: InlineArray<8, UInt64> = [
      left.0, left.1, left.2, left.3, right.0, right.1, right.2, right.3,
    ]
    unsafe words.span.withUnsafeBytes { bytes in
      let updated = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      precondition(updated == 1, "SHA-256 could not be continued")
    }
    return finish()
  }

  package static func digest(of bytes: Span<UInt8>) -> SHA256Digest {
    var running = SHA256()
    running.update(bytes)
    return running.end()
  }

  package static func digest(of text: String) -> SHA256Digest { digest(of: text.utf8.span) }

  private func start() {
    let started = unsafe EVP_DigestInit_ex2(context, Algorithm.sha256.handle, nil)
    precondition(started == 1, "SHA-256 could not be started")
  }

  private func end() -> SHA256Digest {
    unsafe SHA256Digest { bytes in
      let ended = unsafe EVP_DigestFinal_ex(context, bytes, nil)
      precondition(ended == 1, "SHA-256 could not be ended")
    }
  }
}
