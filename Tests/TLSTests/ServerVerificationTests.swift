// A client of ours believes a server only with the right name, from the right authority, in its time.

import Sockets
import Support
import Testing

@testable import TLS

@Suite struct ServerVerificationTests {
  @Test(arguments: ["localhost", "127.0.0.1", "::1"])
  func `a name or address in the certificate is believed`(name: String) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext(serverName: #require(ServerName(name)))
    try SessionPair(pki.serverContext(), client).handshake()
  }

  @Test(arguments: ["consul.example", "127.0.0.2", "::2", "sub.localhost"])
  func `another name is refused`(name: String) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext(serverName: #require(ServerName(name)))
    let outcome = try SessionPair(pki.serverContext(), client).settle()
    #expect(
      outcome.client == .peer(.server, .certificate(.wrongName(expected: name), subject: "CN=peergate")))
    #expect(outcome.client?.reason == "server certificate (CN=peergate) is not for \(name)")
    #expect(outcome.server == .alert(Alert(code: 42), from: .client))
  }

  @Test func `the common name is not a name`() throws {
    let pki = try TestPKI()
    let identity = try pki.authority.issueServer(commonName: "localhost", names: [])
    let outcome = try SessionPair(context(identity), pki.clientContext()).settle()
    guard case .peer(.server, .certificate(.wrongName, _)) = outcome.client else {
      Issue.record("\(String(describing: outcome.client))")
      return
    }
  }

  @Test(arguments: [
    ("*.dc1.consul", "a.dc1.consul", true), ("*.dc1.consul", "a.b.dc1.consul", false),
    ("a*.dc1.consul", "ab.dc1.consul", false),
  ])
  func `a wildcard stands for one whole label`(pattern: String, name: String, isBelieved: Bool) throws {
    let pki = try TestPKI()
    let identity = try pki.authority.issueServer(names: [.dns(pattern)])
    let client = try pki.clientContext(serverName: .dns(name))
    #expect((try SessionPair(context(identity), client).settle().client == nil) == isBelieved)
  }

  @Test func `another authority is refused`() throws {
    let outcome = try SessionPair(TestPKI().serverContext(), TestPKI().clientContext()).settle()
    #expect(
      outcome.client == .peer(.server, .certificate(.unknownAuthority, subject: "CN=peergate")))
    #expect(outcome.server?.party == .peer)
  }

  @Test(arguments: [
    (Validity(fromSeconds: -7200, untilSeconds: -3600), CertificateFault.expired),
    (Validity(fromSeconds: 3600, untilSeconds: 7200), .notYetValid),
  ])
  func `a certificate out of its time is refused`(validity: Validity, fault: CertificateFault) throws {
    let pki = try TestPKI()
    let identity = try pki.authority.issueServer(names: [.dns("localhost")], validity: validity)
    let outcome = try SessionPair(context(identity), pki.clientContext()).settle()
    #expect(outcome.client == .peer(.server, .certificate(fault, subject: "CN=peergate")))
  }

  @Test func `a client certificate does not make a server`() throws {
    let pki = try TestPKI()
    let identity = try pki.authority.issueClient(commonName: "team-a", names: [.dns("localhost")])
    let outcome = try SessionPair(context(identity), pki.clientContext()).settle()
    #expect(outcome.client == .peer(.server, .certificate(.wrongPurpose, subject: "CN=team-a")))
  }

  @Test func `a self-signed certificate is believed only if it is in the CA file`() throws {
    let key = try CertificateForge.makeKey(.ecdsaP256)
    let certificate = try CertificateForge.make(
      .init(commonName: "lone", names: [.dns("localhost")], role: .server, validity: .days(1)), key: key,
      signer: nil)
    let identity = Identity(chain: [certificate.der], key: try key.bytes, warnings: [])
    let outcome = try SessionPair(context(identity), TestPKI().clientContext()).settle()
    #expect(outcome.client == .peer(.server, .certificate(.selfSigned, subject: "CN=lone")))
    let bundle = CertificateBundle(certificates: identity.chain, warnings: [])
    let pinning = try ClientSettings(serverName: .dns("localhost"), trust: .authorities(bundle))
    try SessionPair(context(identity), ClientContext(pinning)).handshake()
  }

  @Test func `the authorities of the machine do not know a test authority`() throws {
    let settings = try ClientSettings.load(serverName: .dns("localhost"))
    let outcome = try SessionPair(TestPKI().serverContext(), ClientContext(settings)).settle()
    #expect(outcome.client == .peer(.server, .certificate(.unknownAuthority, subject: "CN=peergate")))
  }

  private func context(_ identity: Identity) throws -> ServerContext {
    try ServerContext(ServerSettings(identity: identity), ticketKeys: TicketKeys())
  }
}
