// What is in a credential file and should not be, or is not what its place wants.

import Support
import Testing

@testable import TLS

@Suite struct MisplacedCredentialTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
  }

  private func outcome(
    certificate: String? = nil, key: String? = nil, authorities: String? = nil
  ) throws -> String {
    let certificateFile = try folder.write("cert.pem", certificate ?? pki.server.certificatePEM)
    let keyFile = try folder.write("key.pem", key ?? pki.server.privateKeyPEM)
    let authoritiesFile = try folder.write("ca.pem", authorities ?? pki.authority.certificatePEM)
    do throws(TLSError) {
      let settings = try ServerSettings.load(
        certificateFile: certificateFile, keyFile: keyFile, clientAuthoritiesFile: authoritiesFile)
      return settings.warnings.map { "warning: \($0.reason)" }.joined(separator: "; ").replacing(
        folder.path + "/", with: "")
    } catch {
      #expect(error.party == .operator)
      return error.reason.replacing(folder.path + "/", with: "")
    }
  }

  @Test func `a private key among the authorities is an error`() throws {
    let text = try pki.authority.certificatePEM + pki.authority.privateKeyPEM
    let line = try pki.authority.certificatePEM.split(separator: "\n").count + 1
    #expect(
      try outcome(authorities: text)
        == "ca.pem:\(line): a private key stands among the authorities: take it out, and take it for known to others"
    )
    #expect(
      try outcome(authorities: pki.authority.privateKeyPEM)
        == "ca.pem:1: a private key stands among the authorities: take it out, and take it for known to others"
    )
  }

  @Test(arguments: [
    "TRUSTED CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "X509 CRL", "CERTIFICATE REQUEST", "DH PARAMETERS",
  ])
  func `a foreign label beside certificates is an error, wherever it stands`(label: String) throws {
    let foreign = try PEM.text(label: label, der: [0x30, 0])
    let sentence = "a block \(label) is not read here, expected certificates alone; take it out"
    #expect(try outcome(authorities: foreign + pki.authority.certificatePEM) == "ca.pem:1: \(sentence)")
    #expect(try outcome(certificate: foreign + pki.server.certificatePEM) == "cert.pem:1: \(sentence)")
    #expect(
      try outcome(key: foreign + pki.server.privateKeyPEM)
        == "key.pem:1: a block \(label) is not read here, expected a private key alone; take it out")
  }

  @Test func `a key beside the certificates of another key file is an error, and the other way round`() throws
  {
    let both = try pki.server.certificatePEM + pki.server.privateKeyPEM
    #expect(try outcome(certificate: both).contains("a block PRIVATE KEY is not read here"))
    #expect(try outcome(key: both).contains("a block CERTIFICATE is not read here"))
  }

  @Test func `the curve before the key is let be`() throws {
    let parameters = try PEM.text(label: "EC PARAMETERS", der: [0x06, 0x01, 0x2A])
    #expect(try outcome(key: parameters + pki.server.privateKeyPEM) == "")
  }

  @Test func `a leaf that is not first is an error that says so`() throws {
    let authority = try pki.authority.certificatePEM
    let line = authority.split(separator: "\n").count + 1
    #expect(
      try outcome(certificate: authority + pki.server.certificatePEM)
        == "cert.pem:\(line): the certificate of the private key begins here, expected it before all others")
  }

  @Test func `what has not issued the certificate before it is a warning`() throws {
    let leaf = try pki.server.certificatePEM
    let line = leaf.split(separator: "\n").count + 1
    let sentence = "has not issued the one before it, so it is no part of the chain"
    #expect(try outcome(certificate: leaf + pki.authority.certificatePEM) == "")
    let stranger = try DevelopmentAuthority(commonName: "stranger").certificatePEM
    #expect(
      try outcome(certificate: leaf + stranger)
        == "warning: cert.pem:\(line): certificate (CN=stranger) \(sentence)")
    #expect(
      try outcome(certificate: leaf + leaf)
        == "warning: cert.pem:\(line): certificate (CN=peergate) \(sentence)")
  }

  @Test func `a server certificate without names or for another use is a warning`() throws {
    let nameless = try pki.authority.issueServer(names: [])
    #expect(
      try outcome(certificate: nameless.certificatePEM, key: nameless.privateKeyPEM)
        == "warning: cert.pem: certificate (CN=peergate) has no DNS name and no IP address as subject alternative name; clients refuse it, whatever its subject says"
    )
    let client = try pki.authority.issueClient(commonName: "a", names: [.dns("a")])
    #expect(
      try outcome(certificate: client.certificatePEM, key: client.privateKeyPEM)
        == "warning: cert.pem: certificate (CN=a) is not meant for a server (extended key usage); peers will refuse it"
    )
    let cert = try folder.write("c.pem", pki.server.certificatePEM)
    let key = try folder.write("k.pem", pki.server.privateKeyPEM)
    let shown = try Identity.load(certificateFile: cert, keyFile: key, for: .client)
    #expect(
      shown.warnings.map(\.reason)
        == [
          "\(cert): certificate (CN=peergate) is not meant for a client (extended key usage); peers will refuse it"
        ])
  }

  @Test func `an authority that is none is a warning`() throws {
    #expect(
      try outcome(authorities: pki.server.certificatePEM)
        == "warning: ca.pem:1: certificate (CN=peergate) is no authority, so it vouches for nothing but itself"
    )
  }

  @Test(arguments: [
    ("secp256k1", "on the curve secp256k1"), ("brainpoolP256r1", "on the curve brainpoolP256r1"),
  ])
  func `a key on a curve that clients do not speak is an error`(curve: String, said: String) throws {
    let key = try CertificateForge.makeKey(curve: curve)
    let order = CertificateForge.Order(
      commonName: "peergate", names: [.dns("a")], role: .server, validity: .days(100))
    let certificate = try CertificateForge.make(order, key: key, signer: nil)
    #expect(
      try outcome(certificate: certificate.pem, key: PEM.text(label: "PRIVATE KEY", der: key.bytes.der))
        == "cert.pem: the key of the certificate is \(said), which clients do not speak")
  }

  @Test(arguments: ["prime256v1", "secp384r1", "secp521r1"])
  func `the three curves of TLS 1_3 are fine`(curve: String) throws {
    let key = try CertificateForge.makeKey(curve: curve)
    let order = CertificateForge.Order(
      commonName: "peergate", names: [.dns("a")], role: .server, validity: .days(100))
    let certificate = try CertificateForge.make(order, key: key, signer: nil)
    #expect(
      try outcome(certificate: certificate.pem, key: PEM.text(label: "PRIVATE KEY", der: key.bytes.der)) == ""
    )
  }
}
