// Which client certificates a token accepts, by their subject alternative names.

/// A name, or with a trailing `*` all names that begin so: `spiffe://example.org/ns/payments/*`.
package struct NamePattern: Sendable, Hashable {
  package let pattern: Pattern

  package enum Fault: Error, Hashable {
    case empty
    case tooLong(bytes: Int)
    case innerAsterisk
    /// A byte that no URI holds (RFC 3986, section 2): blanks, quotes, braces, control bytes, non-ASCII.
    case foreignByte
    /// DNS names are compared in lower case, so an upper-case pattern would never match.
    case upperCase
  }

  package enum Kind: Sendable, Hashable { case uri, dns }

  package init(_ text: String, _ kind: Kind) throws(Fault) {
    let bytes = text.utf8
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= PolicyLimits.certificateNameBytes else { throw .tooLong(bytes: bytes.count) }
    guard bytes.allSatisfy(Self.isURIByte) else { throw .foreignByte }
    guard !bytes.dropLast().contains(UInt8(ascii: "*")) else { throw .innerAsterisk }
    guard kind == .uri || !bytes.contains(where: { (0x41...0x5a).contains($0) }) else { throw .upperCase }
    pattern = text.hasSuffix("*") ? .beginning(String(text.dropLast())) : .exactly(text)
  }

  private static func isURIByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }
  }

  package var text: String {
    switch pattern {
    case .exactly(let text): text
    case .beginning(let text): text + "*"
    }
  }

  /// Whether a URI prefix ends before the path begins, where `spiffe://example.org*` would also take
  /// `spiffe://example.org.evil.test/`.
  package var endsInsideTrustDomain: Bool {
    guard case .beginning(let text) = pattern, let scheme = text.firstRange(ofASCII: "://") else {
      return false
    }
    return !text.utf8[scheme...].contains(UInt8(ascii: "/"))
  }
}

extension String {
  /// The index after the first occurrence of `needle`, in bytes.
  fileprivate func firstRange(ofASCII needle: String) -> String.Index? {
    let sought = Array(needle.utf8)
    var index = utf8.startIndex
    while index < utf8.endIndex {
      if utf8[index...].starts(with: sought) { return utf8.index(index, offsetBy: sought.count) }
      index = utf8.index(after: index)
    }
    return nil
  }
}

/// The `client_certificate` block of a token: any one of the names suffices.
package struct CertificateNames: Sendable, Hashable {
  package let uris: [NamePattern]
  package let dnsNames: [NamePattern]

  package init(uris: [NamePattern], dnsNames: [NamePattern]) {
    self.uris = uris
    self.dnsNames = dnsNames
  }

  package func matches(_ connection: ConnectionFacts) -> Bool {
    connection.certificateURIs.contains { name in uris.contains { $0.pattern.matches(name) } }
      || connection.certificateDNSNames.contains { name in dnsNames.contains { $0.pattern.matches(name) } }
  }
}
