// Which token a client certificate alone stands for.

import Bytes

/// The tokens without a secret, by the names their certificates may bear. An exact name beats the longest
/// prefix, a URI beats a DNS name; the loader has refused two tokens with one name.
struct CertificateTable: Sendable {
  private let exactURIs: KeyTable
  /// The empty one is that of every URI.
  private let uriPrefixes: KeyTable
  private let exactDNSNames: KeyTable
  private let domains: KeyTable
  private let everyDNSName: Int32?
  private let isEmpty: Bool

  init(_ tokens: [TokenStanza]) {
    var exactURIs: [(key: [UInt8], value: Int32)] = []
    var uriPrefixes = exactURIs
    var exactDNSNames = exactURIs
    var domains = exactURIs
    var everyDNSName: Int32?
    for (index, token) in tokens.enumerated() where token.secretDigests.isEmpty {
      let index = Int32(index)
      for pattern in (token.certificate?.uris ?? []) + (token.certificate?.dnsNames ?? []) {
        switch pattern.form {
        case .uri(let uri): exactURIs.append((Array(uri.text.utf8), index))
        case .below(let prefix): uriPrefixes.append((Array(prefix.utf8), index))
        case .everyURI: uriPrefixes.append(([], index))
        case .dns(let name): exactDNSNames.append((Array(name.text.utf8), index))
        case .domain(let domain): domains.append((Array(domain.utf8), index))
        case .everyDNSName: everyDNSName = index
        }
      }
    }
    self.exactURIs = KeyTable(exactURIs)
    self.uriPrefixes = KeyTable(uriPrefixes)
    self.exactDNSNames = KeyTable(exactDNSNames)
    self.domains = KeyTable(domains)
    self.everyDNSName = everyDNSName
    isEmpty =
      exactURIs.isEmpty && uriPrefixes.isEmpty && exactDNSNames.isEmpty && domains.isEmpty
      && everyDNSName == nil
  }

  /// The number of the token in the set.
  func token(for connection: PolicyAttributes) -> Int? {
    if isEmpty || !connection.hasMatchableNames { return nil }
    return (uri(connection.uris) ?? dnsName(connection.dnsNames)).map { Int($0) }
  }

  private func uri(_ names: [CertificateURI]) -> Int32? {
    for name in names {
      if let token = exactURIs.value(of: name.text.utf8.span) { return token }
    }
    var best: (length: Int, value: Int32)?
    for name in names {
      if let found = uriPrefixes.longestPrefix(of: name.text.utf8.span), found.length > best?.length ?? -1 {
        best = found
      }
    }
    return best?.value
  }

  private func dnsName(_ names: [CertificateDNSName]) -> Int32? {
    for name in names {
      if let token = exactDNSNames.value(of: name.text.utf8.span) { return token }
    }
    for name in names {
      if let domain = name.domain, let token = domains.value(of: domain.utf8.span) { return token }
    }
    return names.isEmpty ? nil : everyDNSName
  }
}
