// Which client certificates a token accepts, by their subject alternative names.

/// The `client_certificate` block of a token: any one of the names suffices.
package struct CertificateNames: Sendable, Hashable {
  package let uris: [NamePattern]
  package let dnsNames: [NamePattern]

  package init(uris: [NamePattern], dnsNames: [NamePattern]) {
    self.uris = uris
    self.dnsNames = dnsNames
  }

  /// The name of the certificate that is accepted, by the pattern that says most; nil if none is. Of equally good ones
  /// it is the first in the certificate.
  package func recognise(_ connection: PolicyAttributes) -> CertificateName? {
    var best: (precision: Int, name: CertificateName)?
    func look(_ name: CertificateName, _ patterns: [NamePattern]) {
      for pattern in patterns where pattern.precision > best?.precision ?? -1 {
        if pattern.matches(name) { best = (pattern.precision, name) }
      }
    }
    for uri in connection.uris { look(.uri(uri), uris) }
    for name in connection.dnsNames { look(.dns(name), dnsNames) }
    return best?.name
  }
}
