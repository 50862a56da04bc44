// What a peer can do wrong, told apart as far as an operator can act on it.

package enum PeerFault: Hashable, Sendable {
  case plaintextHTTP
  case notTLS
  case noCommonVersion
  case noCommonCipherSuite
  case noCommonGroup
  case noCommonSignatureAlgorithm
  case noCommonApplicationProtocol(offered: [String])
  case noCertificate
  case certificate(CertificateFault, subject: String)
  case malformed(String)

  /// Reads on after "client " or "server ".
  var reason: String {
    switch self {
    case .plaintextHTTP: "spoke plain HTTP to a TLS port; use https://"
    case .notTLS: "sent bytes that are not TLS"
    case .noCommonVersion: "offered no common TLS version; TLS 1.2 and 1.3 are spoken"
    case .noCommonCipherSuite:
      "offered no common cipher suite; ECDHE with AES-GCM or CHACHA20-POLY1305 is required"
    case .noCommonGroup:
      "offered no common group; \(KeyExchangeGroup.offered.joined(separator: ", ")) are known"
    case .noCommonSignatureAlgorithm: "offered no signature algorithm that fits the certificate"
    case .noCommonApplicationProtocol(let offered):
      "offered only \(offered.joined(separator: ", ")) by ALPN; http/1.1 is spoken"
    case .noCertificate: "showed no certificate, and one is required"
    case .certificate(let fault, let subject):
      subject.isEmpty ? "certificate \(fault.reason)" : "certificate (\(subject)) \(fault.reason)"
    case .malformed(let text): "broke the TLS protocol: \(text)"
    }
  }
}

package enum CertificateFault: Hashable, Sendable {
  case expired
  case notYetValid
  case unknownAuthority
  case selfSigned
  case wrongName(expected: String)
  case wrongPurpose
  case tooWeak
  case revoked
  case revocationUnknown
  case other(String)

  /// Reads on after "certificate (subject) ".
  var reason: String {
    switch self {
    case .expired: "has expired"
    case .notYetValid: "is not valid yet"
    case .unknownAuthority: "is not issued by an authority in the CA file"
    case .selfSigned: "is signed by itself and is not in the CA file"
    case .wrongName(let expected): "is not for \(expected)"
    case .wrongPurpose: "is not meant for this use (extended key usage)"
    case .tooWeak: "has a key or signature that is too weak"
    case .revoked: "is revoked"
    case .revocationUnknown: "is issued by an authority of which crl_file has no CRL that is current"
    case .other(let text): "was refused: \(text)"
    }
  }
}
