// Equality that takes as long as it takes.

import COpenSSL

package enum ConstantTime {
  /// Compares without telling by its duration where the two differ. Their lengths may be told.
  package static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count, !left.isEmpty else { return left.count == right.count }
    return unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
      }
    }
  }

  package static func areEqual(_ left: String, _ right: String) -> Bool {
    areEqual(left.utf8.span, right.utf8.span)
  }
}
