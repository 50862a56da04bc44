// Which certificate a peer showed.

internal import COpenSSL

/// Facts of a certificate that was verified, for the audit record. All text is printable ASCII; other bytes
/// are escaped as `\xNN`, so that a name cannot forge a log line.
package struct PeerIdentity: Sendable, Hashable {
  /// RFC 2253 form, most specific part first: `CN=team-a,O=Example`.
  package let subject: String
  package let issuer: String
  /// Lower-case hexadecimal.
  package let serialNumber: String
  /// SHA-256 of the certificate, 64 lower-case hexadecimal digits.
  package let fingerprint: String
  package let dnsNames: [String]
  package let uris: [String]
  package let ipAddresses: [String]
  package let emailAddresses: [String]
  /// Whether the lists hold all names of their kinds that the certificate has.
  package let hasAllNames: Bool

  init(_ certificate: borrowing Certificate) {
    subject = certificate.subject
    issuer = certificate.issuer
    serialNumber = certificate.serialNumber
    fingerprint = Hexadecimal.text(certificate.fingerprint)
    let (names, isComplete) = SubjectAlternativeName.all(of: certificate)
    hasAllNames = isComplete
    dnsNames = names.compactMap { if case .dns(let name) = $0 { name } else { nil } }
    uris = names.compactMap { if case .uri(let uri) = $0 { uri } else { nil } }
    ipAddresses = names.compactMap { if case .ip(let address) = $0 { address } else { nil } }
    emailAddresses = names.compactMap { if case .email(let address) = $0 { address } else { nil } }
  }
}
