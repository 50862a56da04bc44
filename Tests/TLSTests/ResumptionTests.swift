// Resumption: seen, on every worker, across rotation, and not beyond what it may outlive.

import Sockets
import Support
import Synchronization
import Testing

@testable import TLS

@Suite struct ResumptionTests {
  private let pki: TestPKI

  init() throws { pki = try TestPKI() }

  private func resumes(_ server: ServerContext, _ client: ClientContext) throws -> Bool {
    let pair = try SessionPair(server, client)
    try pair.handshake()
    let resumed = try #require(pair.server.negotiated).isResumed
    #expect(pair.client.negotiated?.isResumed == resumed)
    return resumed
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `the second connection resumes, and the third`(version: ProtocolVersion) throws {
    let server = try pki.serverContext()
    let client = try pki.clientContext().speaking(only: version)
    #expect(try !resumes(server, client))
    #expect(try resumes(server, client))
    #expect(try resumes(server, client))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a client resumes on another worker`(version: ProtocolVersion) throws {
    let keys = try TicketKeys()
    let client = try pki.clientContext().speaking(only: version)
    #expect(try !resumes(pki.serverContext(ticketKeys: keys), client))
    #expect(try resumes(pki.serverContext(ticketKeys: keys), client))
  }

  @Test func `tickets of another process are worth nothing`() throws {
    let client = try pki.clientContext()
    #expect(try !resumes(pki.serverContext(), client))
    #expect(try !resumes(pki.serverContext(), client))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket outlives one change of keys and not two`(version: ProtocolVersion) throws {
    let clock = ManualClock()
    let keys = try TicketKeys(interval: .seconds(600), now: { clock.now })
    let server = try pki.serverContext(ticketKeys: keys)
    let early = try pki.clientContext().speaking(only: version)
    let late = try pki.clientContext().speaking(only: version)
    #expect(try !resumes(server, early))
    #expect(try !resumes(server, late))
    clock.advance(by: .seconds(600))
    #expect(try resumes(server, early))
    clock.advance(by: .seconds(600))
    // The one that came back in between was given a fresh ticket.
    #expect(try resumes(server, early))
    #expect(try !resumes(server, late))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `who the client is survives resumption`(version: ProtocolVersion) throws {
    let server = try pki.serverContext(clientCertificates: .required(pki.authority.bundle))
    let client = try pki.clientContext(identity: pki.client("team-a", names: [.uri("spiffe://a")]))
      .speaking(only: version)
    #expect(try !resumes(server, client))
    let pair = try SessionPair(server, client)
    try pair.handshake()
    #expect(pair.server.negotiated?.isResumed == true)
    #expect(pair.server.peerIdentity?.subject == "CN=team-a")
    #expect(pair.server.peerIdentity?.uris == ["spiffe://a"])
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket from before the authorities changed is not resumed`(version: ProtocolVersion) throws {
    let other = try TestPKI()
    let keys = try TicketKeys()
    let client = try pki.clientContext(identity: pki.client("team-a")).speaking(only: version)
    let before = try pki.serverContext(
      clientCertificates: .required(pki.authority.bundle), ticketKeys: keys)
    let after = try pki.serverContext(
      clientCertificates: .required(other.authority.bundle), ticketKeys: keys)
    #expect(try !resumes(before, client))
    let pair = try SessionPair(after, client)
    #expect(pair.settle().server == .peer(.client, .certificate(.unknownAuthority, subject: "CN=team-a")))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket does not outlive the certificate in it`(version: ProtocolVersion) async throws {
    let server = try pki.serverContext(clientCertificates: .required(pki.authority.bundle))
    let identity = try pki.client("team-a", validity: Validity(fromSeconds: -3600, untilSeconds: 2))
    let client = try pki.clientContext(identity: identity).speaking(only: version)
    #expect(try !resumes(server, client))
    // OpenSSL knows no clock but the machine's.
    while let left = Certificate.decode(identity.chain[0])?.secondsUntilExpired, left >= 0 {
      try await Task.sleep(for: .milliseconds(50))
    }
    let pair = try SessionPair(server, client)
    #expect(pair.settle().server == .peer(.client, .certificate(.expired, subject: "CN=team-a")))
  }

  private func wait(for end: Int) async throws {
    // OpenSSL knows no clock but the machine's.
    while WallClock.seconds < end { try await Task.sleep(for: .milliseconds(50)) }
  }

  /// An authority above the client's, of which the client sends the certificate.
  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket does not outlive an authority between`(version: ProtocolVersion) async throws {
    let between = try pki.authority.issueAuthority(
      commonName: "between", validity: Validity(fromSeconds: -60, untilSeconds: 2))
    let server = try pki.serverContext(clientCertificates: .required(pki.authority.bundle))
    let client = try pki.clientContext(identity: between.issueClient(commonName: "a")).speaking(only: version)
    #expect(try !resumes(server, client))
    #expect(try resumes(server, client))
    let pair = try SessionPair(server, client)
    try pair.handshake()
    let end = try #require(pair.server.clientStanding?.proof).endsAt
    // The proof is the same, however often it was taken up.
    #expect(pair.server.negotiated?.isResumed == true && end <= Int(WallClock.seconds) + 2)
    try await wait(for: end)
    let late = try SessionPair(server, client)
    #expect(late.settle().server == .peer(.client, .certificate(.expired, subject: "CN=between")))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket does not outlive the authority`(version: ProtocolVersion) async throws {
    let short = try DevelopmentAuthority(
      commonName: "short", validity: Validity(fromSeconds: -60, untilSeconds: 2))
    let server = try pki.serverContext(clientCertificates: .required(short.bundle))
    let client = try pki.clientContext(identity: short.issueClient(commonName: "a")).speaking(only: version)
    #expect(try !resumes(server, client))
    #expect(try resumes(server, client))
    try await wait(for: Int(WallClock.seconds) + 2)
    let late = try SessionPair(server, client)
    #expect(late.settle().server == .peer(.client, .certificate(.expired, subject: "CN=short")))
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket of a client without a certificate is not resumed where one is demanded`(
    version: ProtocolVersion
  ) throws {
    let keys = try TicketKeys()
    let client = try pki.clientContext().speaking(only: version)
    for demand in [ServerSettings.ClientCertificates.ignored, .optional(pki.authority.bundle)] {
      #expect(try !resumes(pki.serverContext(clientCertificates: demand, ticketKeys: keys), client))
      let after = try pki.serverContext(
        clientCertificates: .required(pki.authority.bundle), ticketKeys: keys)
      #expect(try SessionPair(after, client).settle().server == .peer(.client, .noCertificate))
    }
  }

  /// The same the other way round: Consul's certificates.
  @Test(arguments: ProtocolVersion.allCases)
  func `a session is not offered to a server whose chain has ended`(version: ProtocolVersion) async throws {
    let between = try pki.authority.issueAuthority(
      commonName: "between", validity: Validity(fromSeconds: -60, untilSeconds: 2))
    let identity = try between.issueServer(names: [.dns("localhost")])
    let server = try ServerContext(ServerSettings(identity: identity), ticketKeys: TicketKeys())
    let client = try pki.clientContext().speaking(only: version)
    #expect(try !resumes(server, client))
    let pair = try SessionPair(server, client)
    try pair.handshake()
    #expect(pair.client.negotiated?.isResumed == true)
    let end = try #require(pair.client.proofEnd)
    #expect(end <= Int(WallClock.seconds) + 2)
    try await wait(for: end)
    let late = try SessionPair(server, client)
    #expect(late.settle().client == .peer(.server, .certificate(.expired, subject: "CN=between")))
  }

  @Test func `a session that ended without close_notify is still resumed`() throws {
    let server = try pki.serverContext()
    let client = try pki.clientContext()
    do {
      let pair = try SessionPair(server, client)
      try pair.handshake()
      pair.server.endInput()
      #expect(throws: TLSError.truncated(by: .client)) { try pair.server.read(into: pair.serverText) }
    }
    #expect(try resumes(server, client))
  }
}

@Suite struct TicketKeysTests {
  @Test func `a key seals for one interval and opens for one more`() throws {
    let clock = ManualClock()
    let keys = try TicketKeys(interval: .seconds(10), now: { clock.now })
    let first = try #require(keys.sealing())
    clock.advance(by: .milliseconds(9_999))
    #expect(keys.sealing() == first)
    #expect(keys.opening(named: first.name)?.isOld == false)
    clock.advance(by: .milliseconds(1))
    #expect(keys.sealing() != first)
    #expect(keys.opening(named: first.name)?.isOld == true)
    #expect(keys.opening(named: first.name)?.key == first)
    clock.advance(by: .seconds(10))
    #expect(keys.opening(named: first.name) == nil)
  }

  @Test func `after two idle intervals the last key is gone`() throws {
    let clock = ManualClock()
    let keys = try TicketKeys(interval: .seconds(10), now: { clock.now })
    let first = try #require(keys.sealing())
    clock.advance(by: .seconds(20))
    #expect(keys.opening(named: first.name) == nil)
  }

  @Test func `an unknown name opens nothing`() throws {
    let keys = try TicketKeys()
    #expect(keys.opening(named: [UInt8](repeating: 0, count: 16)) == nil)
  }
}

/// Time that passes when told to.
private final class ManualClock: Sendable {
  private let instant = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { instant.withLock { $0 } }
  func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}
