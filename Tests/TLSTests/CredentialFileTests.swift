// Certificate, key and CA files: what is wrong with one is one sentence with its name.

import Foundation
import Support
import Testing

@testable import TLS

@Suite struct CredentialFileTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
  }

  private func reason(certificate: String, key: String, authorities: String? = nil) -> String {
    do throws(TLSError) {
      _ = try ServerSettings.load(
        certificateFile: certificate, keyFile: key, clientAuthoritiesFile: authorities)
      return "fine"
    } catch {
      #expect(error.party == .operator)
      return error.reason
    }
  }

  private func reason(certificateText text: String) throws -> String {
    reason(certificate: try folder.write("bad.pem", text), key: pki.serverKeyFile)
  }

  private func reason(keyText text: String) throws -> String {
    reason(certificate: pki.serverCertificateFile, key: try folder.write("bad-key.pem", text))
  }

  private var bad: String { folder.path + "/bad.pem" }
  private var badKey: String { folder.path + "/bad-key.pem" }

  @Test func `good files are loaded without a warning`() throws {
    let settings = try ServerSettings.load(
      certificateFile: pki.serverCertificateFile, keyFile: pki.serverKeyFile,
      clientAuthoritiesFile: pki.authorityFile, requiresClientCertificate: true, minimumVersion: .tls13)
    #expect(settings.warnings.isEmpty)
    #expect(settings.minimumVersion == .tls13)
    guard case .required = settings.clientCertificates else {
      Issue.record("not required")
      return
    }
    let pair = try SessionPair(
      ServerContext(settings, ticketKeys: TicketKeys()), pki.clientContext(identity: pki.client("team-a")))
    try pair.handshake()
    #expect(pair.server.peerIdentity?.subject == "CN=team-a")
  }

  @Test func `certificate and key may share a file`() throws {
    let both = try folder.write("both.pem", pki.server.privateKeyPEM + pki.server.certificatePEM)
    #expect(reason(certificate: both, key: both) == "fine")
  }

  @Test func `a chain is sent whole`() throws {
    let chain = try folder.write(
      "chain.pem", pki.server.certificatePEM + pki.authority.certificatePEM)
    let identity = try Identity.load(certificateFile: chain, keyFile: pki.serverKeyFile, for: .server)
    #expect(identity.chain.count == 2)
    _ = try ServerSettings(identity: identity)
  }

  @Test func `a missing file is named`() {
    let nowhere = folder.path + "/nowhere.pem"
    #expect(reason(certificate: nowhere, key: pki.serverKeyFile) == "\(nowhere): no such file")
    #expect(reason(certificate: pki.serverCertificateFile, key: nowhere) == "\(nowhere): no such file")
    #expect(
      reason(certificate: pki.serverCertificateFile, key: pki.serverKeyFile, authorities: nowhere)
        == "\(nowhere): no such file")
  }

  @Test func `a directory is no file`() {
    #expect(
      reason(certificate: folder.path, key: pki.serverKeyFile)
        == "\(folder.path): is a directory, expected a file")
  }

  @Test func `text that is not PEM is refused`() throws {
    let sentence = "is not PEM; a file with -----BEGIN ...----- lines is expected"
    for text in ["hello", "beginning and end -- of nothing\n"] {
      #expect(try reason(certificateText: text) == "\(bad): \(sentence)")
      #expect(try reason(keyText: text) == "\(badKey): \(sentence)")
    }
  }

  @Test func `a broken block is named, wherever it stands`() throws {
    let pem = try pki.server.certificatePEM
    let lines = pem.split(separator: "\n").count
    #expect(
      try reason(certificateText: String(pem.prefix(200)))
        == "\(bad):1: the block that begins here does not end")
    let nonsense = "-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n"
    let sentence = "the block is cut or is not base64"
    #expect(try reason(certificateText: nonsense) == "\(bad):2: \(sentence)")
    // Authorities behind it would otherwise be forgotten in silence.
    #expect(try reason(certificateText: pem + nonsense + pem) == "\(bad):\(lines + 2): \(sentence)")
    #expect(
      try reason(certificateText: pem + "-----BEGIN CERT").hasPrefix("\(bad):\(lines + 1): this is like"))
  }

  @Test func `files that were swapped are refused`() throws {
    #expect(
      try reason(certificateText: pki.server.privateKeyPEM)
        == "\(bad): holds no certificate, only PRIVATE KEY")
    #expect(
      try reason(keyText: pki.server.certificatePEM) == "\(badKey): holds no private key, only CERTIFICATE")
  }

  @Test func `PEM around nonsense is refused`() throws {
    #expect(
      try reason(certificateText: PEM.text(label: "CERTIFICATE", der: [1, 2, 3]))
        == "\(bad):1: the certificate cannot be read: not X.509")
    #expect(
      try reason(keyText: PEM.text(label: "PRIVATE KEY", der: [1, 2, 3]))
        == "\(badKey): the private key cannot be read: no known key format")
  }

  @Test func `a key of another certificate is refused`() throws {
    let other = try pki.client("team-a").privateKeyPEM
    #expect(
      try reason(keyText: other) == "\(badKey): the private key is not that of \(pki.serverCertificateFile)")
    let rsa = try pki.authority.issueServer(names: [.dns("a")], key: .rsa2048).privateKeyPEM
    #expect(try reason(keyText: rsa).hasSuffix("the private key is not that of \(pki.serverCertificateFile)"))
  }

  @Test func `two keys in a file are refused`() throws {
    let text = try pki.server.privateKeyPEM + pki.client("team-a").privateKeyPEM
    #expect(try reason(keyText: text) == "\(badKey): holds more than one private key")
  }

  @Test func `an encrypted key is refused without a prompt`() throws {
    let sentence =
      "\(badKey): the private key is encrypted, and nobody is asked for a passphrase; "
      + "give it without one: openssl pkey -in FILE -out FILE.pem"
    #expect(try reason(keyText: PEM.text(label: "ENCRYPTED PRIVATE KEY", der: [0x30, 0])) == sentence)
    // OpenSSL's old form: the label is the usual one.
    let old = """
      -----BEGIN RSA PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED
      DEK-Info: AES-128-CBC,8C2C4D0E2F6A1B3C5D7E9F0A1B2C3D4E

      AAAA
      -----END RSA PRIVATE KEY-----

      """
    #expect(try reason(keyText: old) == sentence)
  }

  @Test(arguments: [(0, true), (1, false)])
  func `a file may have as many bytes as the limit and not one more`(more: Int, isRead: Bool) throws {
    let pem = try pki.server.certificatePEM
    let padding = String(repeating: "#", count: TLSLimits.fileBytes - pem.utf8.count - 1 + more) + "\n"
    let sentence = try reason(certificateText: padding + pem)
    #expect(
      sentence
        == (isRead ? "fine" : "\(bad): has more than 1048576 bytes; that is no certificate, key or CRL file"))
  }

  @Test func `expired, early and soon to expire are warnings`() throws {
    func warnings(_ validity: Validity) throws -> [String] {
      let identity = try pki.authority.issueServer(names: [.dns("a")], validity: validity)
      let certificate = try folder.write("w.pem", identity.certificatePEM)
      let key = try folder.write("w-key.pem", identity.privateKeyPEM)
      return try ServerSettings.load(certificateFile: certificate, keyFile: key).warnings.map(\.reason)
    }
    let file = folder.path + "/w.pem"
    let day = 86_400
    #expect(
      try warnings(Validity(fromSeconds: -9 * day, untilSeconds: -3 * day - 60))
        == ["\(file): certificate (CN=peergate) expired 3 days ago; peers will refuse it"])
    #expect(
      try warnings(Validity(fromSeconds: 60, untilSeconds: 90 * day))
        == ["\(file): certificate (CN=peergate) is not valid yet; peers will refuse it"])
    #expect(
      try warnings(Validity(fromSeconds: -60, untilSeconds: 12 * day + 60)) == [
        "\(file): certificate (CN=peergate) expires in 12 days"
      ])
    #expect(try warnings(.days(15)).isEmpty)
  }

  @Test func `a key that everybody can read is a warning`() throws {
    let key = try folder.write("open-key.pem", pki.server.privateKeyPEM, permissions: 0o644)
    let settings = try ServerSettings.load(certificateFile: pki.serverCertificateFile, keyFile: key)
    #expect(
      settings.warnings.map(\.reason) == [
        "\(key): every user of this machine can read the private key; chmod 600 it"
      ])
    let group = try folder.write("group-key.pem", pki.server.privateKeyPEM, permissions: 0o640)
    #expect(
      try ServerSettings.load(certificateFile: pki.serverCertificateFile, keyFile: group).warnings.isEmpty)
  }

  @Test func `a file of any kind that everybody can change is a warning`() throws {
    let (key, certificate) = (
      try folder.write("any.key", pki.server.privateKeyPEM, permissions: 0o602),
      try folder.write("any.pem", pki.server.certificatePEM, permissions: 0o646)
    )
    let authorities = try folder.write("any-ca.pem", pki.authority.certificatePEM, permissions: 0o666)
    let revocations = try folder.write(
      "any-crl.pem", pki.authority.revocationListPEM(of: []), permissions: 0o622)
    let settings = try ServerSettings.load(
      certificateFile: certificate, keyFile: key, clientAuthoritiesFile: authorities,
      revocationFiles: [revocations])
    #expect(
      settings.warnings == [key, certificate, authorities, revocations].map { .writableByOthers(file: $0) })
    #expect(
      settings.warnings.first?.reason == "\(key): every user of this machine can change it; chmod o-w it")
    for file in [key, certificate, authorities, revocations] {
      try FileManager.default.setAttributes([.posixPermissions: 0o620], ofItemAtPath: file)
    }
    let group = try ServerSettings.load(
      certificateFile: certificate, keyFile: key, clientAuthoritiesFile: authorities,
      revocationFiles: [revocations])
    #expect(group.warnings.isEmpty)
  }

  @Test func `a private key prints as nothing`() throws {
    let text = "\(pki.server)" + String(reflecting: pki.server)
    #expect(text.contains("(private key)") || !text.contains("der"))
    let settings = try ServerSettings(identity: pki.server)
    var dumped = ""
    dump(settings, to: &dumped)
    let key = pki.server.key.der
    for rendering in [text, dumped] {
      #expect(
        !rendering.contains("\(key[key.count / 2]), \(key[key.count / 2 + 1]), \(key[key.count / 2 + 2])"))
    }
  }
}
