// The algorithms of OpenSSL that this layer uses, each looked up once.

import COpenSSL

/// EVP_Q_digest and the deprecated one-shots look an algorithm up by name on every call, which costs several
/// times the hash of a token.
@safe struct Algorithm: @unchecked Sendable {
  // Sendable because a fetched algorithm is never changed, and lives as long as the program.
  let handle: OpaquePointer

  private init(_ handle: OpaquePointer?, _ name: String) {
    guard let handle = unsafe handle else { preconditionFailure("OpenSSL offers no \(name)") }
    unsafe self.handle = unsafe handle
  }

  static let sha256 = unsafe Algorithm(EVP_MD_fetch(nil, "SHA256", nil), "SHA-256")
  static let hmac = unsafe Algorithm(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC")
}
