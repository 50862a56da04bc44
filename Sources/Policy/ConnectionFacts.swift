// What the gate knows about a connection that a decision may turn on.

/// Made once for each connection, after its handshake.
package struct ConnectionFacts: Sendable {
  /// The address the connection came from; nil on a unix socket. Never taken from a header.
  package let source: Address?
  /// URI names of the verified client certificate, as they stand in it.
  package let certificateURIs: [String]
  /// DNS names of the verified client certificate, in lower case.
  package let certificateDNSNames: [String]

  /// Names of a certificate that was not verified must not come here.
  package init(source: Address?, certificateURIs: [String] = [], certificateDNSNames: [String] = []) {
    self.source = source
    self.certificateURIs = certificateURIs
    self.certificateDNSNames = certificateDNSNames.map(Self.lowerCase)
  }

  /// Of ASCII letters alone: Unicode's rules would make a plain k of a Kelvin sign.
  private static func lowerCase(_ name: String) -> String {
    String(decoding: name.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  var hasCertificateNames: Bool { !certificateURIs.isEmpty || !certificateDNSNames.isEmpty }
}
