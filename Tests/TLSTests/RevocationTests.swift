// CRLs: which are read, and what they do to handshakes, tickets and those who are in already.

import Sockets
import Support
import Testing

@testable import TLS

@Suite struct RevocationTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
  }

  private func list(
    _ texts: String..., expiry: RevocationList.Expiry = .refused, of bundle: CertificateBundle? = nil
  ) throws(TLSError) -> RevocationList {
    guard let file = try? folder.write("crl.pem", texts.joined()) else {
      throw .library(operation: "test", reason: "no file")
    }
    return try RevocationList.load([file], of: bundle ?? pki.authority.bundle, expiry: expiry)
  }

  private func reason(
    _ texts: String..., expiry: RevocationList.Expiry = .refused, of bundle: CertificateBundle? = nil
  ) -> String {
    do throws(TLSError) {
      let list = try self.list(texts.joined(), expiry: expiry, of: bundle)
      return list.warnings.map(\.reason).joined(separator: "; ")
    } catch {
      #expect(error.party == .operator)
      return error.reason
    }
  }

  private var file: String { folder.path + "/crl.pem" }

  private func context(
    _ revocations: RevocationList?, of bundle: CertificateBundle? = nil, keys: TicketKeys? = nil
  ) throws -> ServerContext {
    let settings = try ServerSettings(
      identity: pki.server, clientCertificates: .required(bundle ?? pki.authority.bundle),
      revocations: revocations)
    return try ServerContext(settings, ticketKeys: keys ?? TicketKeys())
  }

  private func outcome(
    _ server: ServerContext, _ identity: Identity, _ version: ProtocolVersion = .tls13
  ) throws -> SessionPair.Outcome {
    try SessionPair(server, pki.clientContext(identity: identity).speaking(only: version)).settle()
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a revoked certificate is refused and its neighbour is not`(version: ProtocolVersion) throws {
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let server = try context(list(pki.authority.revocationListPEM(of: [bad])))
    let refused = try outcome(server, bad, version)
    #expect(refused.server == .peer(.client, .certificate(.revoked, subject: "CN=bad")))
    #expect(refused.server?.reason == "client certificate (CN=bad) is revoked")
    // certificate_revoked, RFC 8446 6.2.
    #expect(refused.client == .alert(Alert(code: 44), from: .server))
    #expect(try outcome(server, good, version).server == nil)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a ticket is worth nothing once its certificate is revoked`(version: ProtocolVersion) throws {
    let keys = try TicketKeys()
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let badClient = try pki.clientContext(identity: bad).speaking(only: version)
    let goodClient = try pki.clientContext(identity: good).speaking(only: version)
    let before = try context(list(pki.authority.revocationListPEM(of: [])), keys: keys)
    for client in [badClient, goodClient] {
      try SessionPair(before, client).handshake()
      let pair = try SessionPair(before, client)
      try pair.handshake()
      #expect(pair.server.negotiated?.isResumed == true)
    }
    let after = try context(list(pki.authority.revocationListPEM(of: [bad])), keys: keys)
    #expect(
      try SessionPair(after, badClient).settle().server
        == .peer(.client, .certificate(.revoked, subject: "CN=bad")))
    let pair = try SessionPair(after, goodClient)
    try pair.handshake()
    #expect(pair.server.negotiated?.isResumed == false, "a full handshake, and no failure")
  }

  @Test func `an open session is judged by rules that came after it`() throws {
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let other = try TestPKI()
    let before = try context(nil)
    for (identity, isBad) in [(bad, true), (good, false)] {
      let pair = try SessionPair(before, pki.clientContext(identity: identity))
      try pair.handshake()
      let standing = try #require(pair.server.clientStanding)
      let now = Int(WallClock.seconds)
      #expect(before.clientRules.fault(of: standing, at: now) == nil)
      let after = try context(list(pki.authority.revocationListPEM(of: [bad]))).clientRules
      #expect(after.fault(of: standing, at: now) == (isBad ? .revoked : nil))
      #expect(after.fault(of: standing, at: now + 90_000) == (isBad ? .expired : .expired))
      #expect(try context(nil).clientRules.fault(of: standing, at: now) == nil, "the same rules, read again")
      let elsewhere = try context(nil, of: other.authority.bundle)
      #expect(elsewhere.clientRules.fault(of: standing, at: now) == .rulesChanged)
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a session of a version that is not accepted any more is at fault`(version: ProtocolVersion) throws {
    let pair = try SessionPair(
      pki.serverContext(clientCertificates: .ignored), pki.clientContext().speaking(only: version))
    try pair.handshake()
    let standing = try #require(pair.server.clientStanding)
    for minimum in ProtocolVersion.allCases {
      let rules = try ServerSettings(identity: pki.server, minimumVersion: minimum).clientRules
      #expect(rules.fault(of: standing, at: 0) == (version < minimum ? .versionRefused : nil))
    }
  }

  @Test func `who showed nothing goes on unless something is demanded`() throws {
    func rules(_ demand: ServerSettings.ClientCertificates) throws -> ServerContext {
      try pki.serverContext(clientCertificates: demand)
    }
    let pair = try SessionPair(rules(.ignored), pki.clientContext())
    try pair.handshake()
    let standing = try #require(pair.server.clientStanding)
    let optional = try rules(.optional(pki.authority.bundle)).clientRules
    #expect(optional.fault(of: standing, at: 0) == nil)
    let required = try rules(.required(pki.authority.bundle)).clientRules
    #expect(required.fault(of: standing, at: 0) == .rulesChanged)
  }

  @Test func `an authority between needs its CRL, and can itself be revoked`() throws {
    let between = try pki.authority.issueAuthority(commonName: "between")
    let client = try between.issueClient(commonName: "a")
    let own = try pki.authority.revocationListPEM(of: [])
    // Sent by the client, and nobody says what it has revoked.
    #expect(
      try outcome(context(list(own)), client).server
        == .peer(.client, .certificate(.revocationUnknown, subject: "CN=a")))
    // A CRL without the certificate that verifies it is an error, not a hope.
    #expect(
      reason(own, try between.revocationListPEM(of: [client])).hasSuffix(
        "the CRL of (CN=between) is not signed by an authority in ca_file that may sign CRLs; put its certificate there"
      ))
    let both = CertificateBundle(
      certificates: pki.authority.bundle.certificates + between.bundle.certificates, warnings: [])
    let open = try list(own, between.revocationListPEM(of: []), of: both)
    #expect(try outcome(context(open, of: both), client).server == nil)
    let revoked = try list(own, between.revocationListPEM(of: [client]), of: both)
    #expect(
      try outcome(context(revoked, of: both), client).server
        == .peer(.client, .certificate(.revoked, subject: "CN=a")))
    // Of the authority between, though it is in the file of authorities.
    let all = try pki.authority.revocationListPEM(of: [between.shown])
    let cut = try list(all, between.revocationListPEM(of: []), of: both)
    #expect(
      try outcome(context(cut, of: both), client).server
        == .peer(.client, .certificate(.revoked, subject: "CN=between")))
    let alone = try context(list(all))
    #expect(
      try outcome(alone, client).server?.reason.contains("(CN=between) is revoked") == true
        || outcome(alone, client).server == .peer(.client, .certificate(.revocationUnknown, subject: "CN=a")))
  }

  @Test func `an authority without a CRL is a warning, and its clients are refused`() throws {
    let other = try TestPKI()
    let both = CertificateBundle(
      certificates: pki.authority.bundle.certificates + other.authority.bundle.certificates, warnings: [])
    let lists = try pki.authority.revocationListPEM(of: [])
    #expect(
      reason(lists, of: both)
        == "\(file): there is no CRL of (CN=Test CA), so the certificates it issued are refused")
    let server = try context(list(lists, of: both), of: both)
    #expect(
      try outcome(server, other.client("a")).server
        == .peer(.client, .certificate(.revocationUnknown, subject: "CN=a")))
    #expect(try outcome(server, pki.client("a")).server == nil)
  }

  @Test func `an expired CRL is an error or a warning`() throws {
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let stale = try pki.authority.revocationListPEM(
      of: [bad], validity: Validity(fromSeconds: -20_000, untilSeconds: -7_300))
    #expect(reason(stale) == "\(file):1: the CRL of (CN=Test CA) expired 2 hours ago")
    #expect(reason(stale, expiry: .warned) == "\(file): the CRL of (CN=Test CA) expired 2 hours ago")
    let server = try context(list(stale, expiry: .warned))
    #expect(try outcome(server, good).server == nil)
    #expect(try outcome(server, bad).server == .peer(.client, .certificate(.revoked, subject: "CN=bad")))
    let early = try pki.authority.revocationListPEM(
      of: [], validity: Validity(fromSeconds: 3_600, untilSeconds: 7_200))
    #expect(reason(early) == "\(file):1: the CRL of (CN=Test CA) is not valid yet")
  }

  @Test func `a CRL that ends while it is in use ends what it spoke for`() async throws {
    let good = try pki.client("good")
    let client = try pki.clientContext(identity: good)
    let short = try pki.authority.revocationListPEM(
      of: [], validity: Validity(fromSeconds: -60, untilSeconds: 2))
    let refusing = try context(list(short))
    let warning = try context(list(short, expiry: .warned))
    let pair = try SessionPair(refusing, client)
    try pair.handshake()
    let standing = try #require(pair.server.clientStanding)
    while refusing.clientRules.fault(of: standing, at: Int(WallClock.seconds)) == nil {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(refusing.clientRules.fault(of: standing, at: Int(WallClock.seconds)) == .revocationUnknown)
    #expect(
      try SessionPair(refusing, client).settle().server
        == .peer(.client, .certificate(.revocationUnknown, subject: "CN=good")), "the ticket is no way round")
    #expect(try outcome(warning, good).server == nil)
  }

  @Test func `what is no CRL of ours is an error with its line`() throws {
    let ours = try pki.authority.revocationListPEM(of: [])
    let lines = ours.split(separator: "\n").count
    let forged = try TestPKI().authority.revocationListPEM(of: [])
    // The same name, another key.
    #expect(reason(ours, forged).hasPrefix("\(file):\(lines + 1): the CRL of (CN=Test CA) is not signed by"))
    #expect(
      reason(ours, try pki.authority.certificatePEM)
        == "\(file):\(lines + 1): a block CERTIFICATE is not read here, expected an X509 CRL; take it out")
    #expect(reason("") == "\(file): is empty; a file with -----BEGIN ...----- lines is expected")
    #expect(
      reason(try PEM.text(label: "X509 CRL", der: [0x30, 0]))
        == "\(file):1: the CRL cannot be used: not a CRL")
  }

  @Test func `several files are read as one`() throws {
    let other = try TestPKI()
    let (bad, worse) = (try pki.client("bad"), try other.client("worse"))
    let both = CertificateBundle(
      certificates: pki.authority.bundle.certificates + other.authority.bundle.certificates, warnings: [])
    let files = [
      try folder.write("a.pem", pki.authority.revocationListPEM(of: [bad])),
      try folder.write("b.pem", other.authority.revocationListPEM(of: [worse])),
    ]
    let server = try context(try .load(files, of: both, expiry: .refused), of: both)
    for (identity, name) in [(bad, "bad"), (worse, "worse")] {
      #expect(
        try outcome(server, identity).server == .peer(.client, .certificate(.revoked, subject: "CN=\(name)")))
    }
  }

  @Test func `a proof survives the ticket it travels in`() throws {
    let key = try Fingerprint(of: [1])
    let proof = ChainProof(
      links: [
        .init(certificate: key, issuer: try Fingerprint(of: [2])), .init(certificate: key, issuer: nil),
      ],
      endsAt: 253_402_300_799)
    #expect(ChainProof(proof.bytes) == proof)
    #expect(ChainProof(Array(proof.bytes.dropLast())) == nil)
    #expect(ChainProof([]) == nil)
  }

  /// A connection may be in the middle of its handshake when the list comes.
  @Test func `a handshake that began before the revocation is judged by it`() throws {
    let bad = try pki.client("bad")
    let before = try context(nil)
    let pair = try SessionPair(before, pki.clientContext(identity: bad))
    _ = try pair.client.handshake()
    pair.exchange()
    _ = try pair.server.handshake()
    let revoked = try list(pki.authority.revocationListPEM(of: [bad]))
    let settings = try ServerSettings(
      identity: pki.server, clientCertificates: .required(pki.authority.bundle), revocations: revoked)
    let after = try ServerContext(settings, ticketKeys: TicketKeys(), succeeding: before)
    #expect(pair.settle().server == .peer(.client, .certificate(.revoked, subject: "CN=bad")))
    #expect(after.clientRules === before.clientRules, "old lists go when new ones come")
  }
}
