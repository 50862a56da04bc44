// Client certificates: ignored, optional, required; good, bad and missing.

import Sockets
import Support
import TLS
import Testing

@Suite struct ClientCertificateTests {
  private let pki: TestPKI
  private let stranger: TestPKI

  init() throws {
    pki = try TestPKI()
    stranger = try TestPKI()
  }

  private var optional: ServerSettings.ClientCertificates { .optional(pki.authority.bundle) }
  private var required: ServerSettings.ClientCertificates { .required(pki.authority.bundle) }

  private func settle(
    _ demand: ServerSettings.ClientCertificates, _ identity: Identity?, _ version: ProtocolVersion = .tls13
  ) throws -> (pair: SessionPair, outcome: SessionPair.Outcome) {
    let client = try pki.clientContext(identity: identity).speaking(only: version)
    let pair = try SessionPair(pki.serverContext(clientCertificates: demand), client)
    return (pair, pair.settle())
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a good certificate identifies the client`(version: ProtocolVersion) throws {
    let identity = try pki.client(
      "team-a",
      names: [.uri("spiffe://example/team-a"), .dns("a.example"), .ip("10.0.0.1"), .email("a@example")])
    for demand in [optional, required] {
      let (pair, outcome) = try settle(demand, identity, version)
      #expect(outcome.server == nil)
      let peer = try #require(pair.server.peerIdentity)
      #expect(peer.subject == "CN=team-a")
      #expect(peer.issuer == "CN=Test CA")
      #expect(peer.uris == ["spiffe://example/team-a"])
      #expect(peer.dnsNames == ["a.example"])
      #expect(peer.ipAddresses == ["10.0.0.1"])
      #expect(peer.emailAddresses == ["a@example"])
      #expect(peer.fingerprint.count == 64)
      #expect(!peer.serialNumber.isEmpty)
    }
  }

  @Test func `a certificate nobody asked for is not sent`() throws {
    let (pair, outcome) = try settle(.ignored, pki.client("team-a"))
    #expect(outcome.server == nil)
    #expect(pair.server.peerIdentity == nil)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `none is fine where it is optional and refused where it is required`(version: ProtocolVersion) throws {
    let (pair, fine) = try settle(optional, nil, version)
    #expect(fine.server == nil)
    #expect(pair.server.peerIdentity == nil)
    let (_, refused) = try settle(required, nil, version)
    #expect(refused.server == .peer(.client, .noCertificate))
    #expect(refused.server?.reason == "client showed no certificate, and one is required")
    // Under 1.3 the client is done before the server refuses; the alert meets its first read.
    guard case .alert(_, from: .server) = refused.client else {
      Issue.record("\(String(describing: refused.client))")
      return
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `one from another authority is refused, optional or not`(version: ProtocolVersion) throws {
    // The client shows it although the server named other authorities.
    for demand in [optional, required] {
      let (_, outcome) = try settle(demand, stranger.client("mallory"), version)
      #expect(
        outcome.server == .peer(.client, .certificate(.unknownAuthority, subject: "CN=mallory")))
      #expect(
        outcome.server?.reason
          == "client certificate (CN=mallory) is not issued by an authority in the CA file")
      #expect(outcome.client == .alert(Alert(code: 48), from: .server))
    }
  }

  @Test func `an expired one is refused`() throws {
    let expired = try pki.client("team-a", validity: Validity(fromSeconds: -7200, untilSeconds: -1))
    let (_, outcome) = try settle(optional, expired)
    #expect(outcome.server?.reason == "client certificate (CN=team-a) has expired")
    #expect(outcome.client == .alert(Alert(code: 45), from: .server))
  }

  @Test func `one not valid yet is refused`() throws {
    let early = try pki.client("team-a", validity: Validity(fromSeconds: 3600, untilSeconds: 7200))
    #expect(
      try settle(required, early).outcome.server?.reason == "client certificate (CN=team-a) is not valid yet")
  }

  @Test func `a server certificate does not make a client`() throws {
    let (_, outcome) = try settle(required, pki.server)
    #expect(outcome.server == .peer(.client, .certificate(.wrongPurpose, subject: "CN=peergate")))
  }

  @Test func `names cannot forge a log line`() throws {
    let identity = try pki.authority.issueClient(
      commonName: "a\nb, O=\u{202E}x", names: [.uri("spiffe://a\r\nb"), .dns("é\u{0}")])
    let (pair, _) = try settle(required, identity)
    let peer = try #require(pair.server.peerIdentity)
    #expect(peer.subject == #"CN=a\0Ab\, O=\E2\80\AEx"#)
    #expect(peer.uris == [#"spiffe://a\x0d\x0ab"#])
    for text in [peer.subject] + peer.uris + peer.dnsNames {
      #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(text)")
    }
  }
}
