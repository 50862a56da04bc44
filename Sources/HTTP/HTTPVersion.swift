// The two protocol versions that are spoken.

/// RFC 9112 2.3: HTTP-version = "HTTP" "/" DIGIT "." DIGIT, case-sensitive.
package enum HTTPVersion: Sendable, Hashable, Comparable {
  case http10
  case http11

  /// A version that is well formed but not 1.0 or 1.1 is told apart from nonsense: 505 against 400.
  init(_ bytes: Span<UInt8>) throws(Malformed) {
    guard bytes.count == 8, bytes.extracting(0..<5).equals("HTTP/"), ASCII.isDigit(bytes[5]),
      bytes[6] == 0x2E, ASCII.isDigit(bytes[7])
    else { throw .invalidVersion }
    switch (bytes[5] - ASCII.zero, bytes[7] - ASCII.zero) {
    case (1, 1): self = .http11
    case (1, 0): self = .http10
    default: throw .unsupportedVersion(Quotation.quote(bytes))
    }
  }
}

extension HTTPVersion: CustomStringConvertible {
  package var description: String { self == .http10 ? "HTTP/1.0" : "HTTP/1.1" }
}
