// What the gate knows about a connection that a decision may turn on.

import Bytes

/// Made once for each connection, after its handshake, and shared by its requests.
package final class PolicyAttributes: Sendable {
  /// The address the connection came from; nil on a unix socket. Never taken from a header.
  package let source: Address?
  /// Of the URI names of the verified client certificate those that a pattern may match, in their order.
  package let uris: [CertificateURI]
  /// The same of its DNS names, in lower case.
  package let dnsNames: [CertificateDNSName]
  /// Whether the certificate has a URI or DNS name at all.
  package let hasCertificateNames: Bool

  /// Names of a certificate that was not verified must not come here.
  ///
  /// A name that is not clean matches nothing, the others of the certificate still do. A certificate with a second
  /// SPIFFE URI, clean or not, is nobody's: an X.509-SVID has exactly one (X509-SVID standard, section 2), and which of
  /// the two is meant is not for the gate to choose. Neither is one whose names are so many that not all were read.
  package init(
    source: Address?, certificateURIs: [String] = [], certificateDNSNames: [String] = [],
    hasAllNames: Bool = true
  ) {
    self.source = source
    hasCertificateNames = !certificateURIs.isEmpty || !certificateDNSNames.isEmpty
    let uris = certificateURIs.map { ByteString($0) }
    guard hasAllNames, uris.count(where: Self.claimsSPIFFE) <= 1 else {
      self.uris = []
      dnsNames = []
      return
    }
    self.uris = uris.compactMap { try? CertificateURI($0) }
    dnsNames = certificateDNSNames.compactMap { try? CertificateDNSName(ByteString($0)) }
  }

  /// A scheme is the same in any case (RFC 3986, section 3.1).
  private static func claimsSPIFFE(_ uri: ByteString) -> Bool {
    uri.utf8.prefix(7).elementsEqual("spiffe:".utf8) { $0 | ($1 == UInt8(ascii: ":") ? 0 : 0x20) == $1 }
  }

  var hasMatchableNames: Bool { !uris.isEmpty || !dnsNames.isEmpty }
}
