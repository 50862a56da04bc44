// Which token a client certificate alone stands for.

/// The tokens without a secret, by the names their certificates may bear. An exact name beats the longest
/// prefix, a URI beats a DNS name; the loader has refused two tokens with one name.
struct CertificateTable: Sendable {
  private let exactURIs: KeyTable
  private let uriPrefixes: KeyTable
  private let exactDNSNames: KeyTable
  private let dnsPrefixes: KeyTable
  private let isEmpty: Bool

  init(_ tokens: [TokenStanza]) {
    var exactURIs: [(key: [UInt8], value: Int32)] = []
    var uriPrefixes = exactURIs
    var exactDNSNames = exactURIs
    var dnsPrefixes = exactURIs
    for (index, token) in tokens.enumerated() where token.secretDigests.isEmpty {
      for name in token.certificate?.uris ?? [] {
        switch name.pattern {
        case .exactly(let text): exactURIs.append((Array(text.utf8), Int32(index)))
        case .beginning(let text): uriPrefixes.append((Array(text.utf8), Int32(index)))
        }
      }
      for name in token.certificate?.dnsNames ?? [] {
        switch name.pattern {
        case .exactly(let text): exactDNSNames.append((Array(text.utf8), Int32(index)))
        case .beginning(let text): dnsPrefixes.append((Array(text.utf8), Int32(index)))
        }
      }
    }
    self.exactURIs = KeyTable(exactURIs)
    self.uriPrefixes = KeyTable(uriPrefixes)
    self.exactDNSNames = KeyTable(exactDNSNames)
    self.dnsPrefixes = KeyTable(dnsPrefixes)
    isEmpty = exactURIs.isEmpty && uriPrefixes.isEmpty && exactDNSNames.isEmpty && dnsPrefixes.isEmpty
  }

  /// The number of the token in the set.
  func token(for connection: ConnectionFacts) -> Int? {
    if isEmpty || !connection.hasCertificateNames { return nil }
    return Self.best(connection.certificateURIs, exactURIs, uriPrefixes)
      ?? Self.best(connection.certificateDNSNames, exactDNSNames, dnsPrefixes)
  }

  private static func best(_ names: [String], _ exact: KeyTable, _ prefixes: KeyTable) -> Int? {
    for name in names {
      if let token = exact.value(of: name.utf8.span) { return Int(token) }
    }
    var best: (length: Int, value: Int32)?
    for name in names {
      if let found = prefixes.longestPrefix(of: name.utf8.span), found.length > best?.length ?? -1 {
        best = found
      }
    }
    return best.map { Int($0.value) }
  }
}
