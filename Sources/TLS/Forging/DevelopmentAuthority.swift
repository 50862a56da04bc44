// A certificate authority for one machine and one afternoon: `peergate dev` and the tests trust it, nobody else should.

package struct DevelopmentAuthority: Sendable {
  let identity: Identity

  /// A fresh authority, ECDSA P-256.
  package init(commonName: String = "Peergate development CA", validity: Validity = .days(365))
    throws(TLSError)
  {
    let key = try CertificateForge.makeKey(.ecdsaP256)
    let order = CertificateForge.Order(
      commonName: commonName, names: [], role: .authority, validity: validity)
    let certificate = try CertificateForge.make(order, key: key, signer: nil)
    identity = Identity(chain: [certificate.der], key: try key.bytes, warnings: [])
  }

  /// One that was made before.
  init(_ identity: Identity) { self.identity = identity }

  package var certificatePEM: String {
    get throws(TLSError) { try PEM.text(label: "CERTIFICATE", der: identity.chain[0]) }
  }

  /// Secret.
  package var privateKeyPEM: String {
    get throws(TLSError) { try identity.privateKeyPEM }
  }

  package var bundle: CertificateBundle {
    CertificateBundle(certificates: [identity.chain[0]], warnings: [])
  }

  package func issueServer(
    commonName: String = "peergate", names: [SubjectAlternativeName], key: KeyKind = .ecdsaP256,
    validity: Validity = .days(365)
  ) throws(TLSError) -> Identity {
    try issue(.init(commonName: commonName, names: names, role: .server, validity: validity), key)
  }

  package func issueClient(
    commonName: String, names: [SubjectAlternativeName] = [], key: KeyKind = .ecdsaP256,
    validity: Validity = .days(365)
  ) throws(TLSError) -> Identity {
    try issue(.init(commonName: commonName, names: names, role: .client, validity: validity), key)
  }

  /// An authority under this one, whose certificates come with its own behind them.
  package func issueAuthority(
    commonName: String, validity: Validity = .days(365)
  ) throws(TLSError) -> DevelopmentAuthority {
    DevelopmentAuthority(
      try issue(.init(commonName: commonName, names: [], role: .authority, validity: validity), .ecdsaP256))
  }

  private func issue(_ order: CertificateForge.Order, _ kind: KeyKind) throws(TLSError) -> Identity {
    let key = try CertificateForge.makeKey(kind)
    let made = try CertificateForge.make(order, key: key, signer: try signer())
    return Identity(chain: [made.der] + above, key: try key.bytes, warnings: [])
  }

  /// What somebody who trusts the first authority alone needs to see.
  private var above: [[UInt8]] { identity.chain.count > 1 || !isOwnIssuer ? identity.chain : [] }

  private var isOwnIssuer: Bool {
    guard let own = Certificate.decode(identity.chain[0]) else { return false }
    return own.hasIssued(own)
  }

  func signer() throws(TLSError) -> CertificateForge.Signer {
    guard let certificate = Certificate.decode(identity.chain[0]),
      let ownKey = PrivateKey.decode(identity.key)
    else {
      throw .library(operation: "forging", reason: "the authority cannot be read back")
    }
    return CertificateForge.Signer(certificate: certificate, key: ownKey)
  }

  /// Whether this authority signed the certificate that the identity shows.
  func issued(_ other: Identity) -> Bool {
    guard let authority = Certificate.decode(identity.chain[0]), let leaf = Certificate.decode(other.chain[0])
    else { return false }
    return authority.hasSigned(leaf)
  }
}

extension Identity {
  /// The chain, the certificate itself first.
  package var certificatePEM: String {
    get throws(TLSError) {
      var text = ""
      for der in chain { text += try PEM.text(label: "CERTIFICATE", der: der) }
      return text
    }
  }

  /// Secret: PKCS#8, not encrypted.
  package var privateKeyPEM: String {
    get throws(TLSError) { try PEM.text(label: "PRIVATE KEY", der: key.der) }
  }
}
