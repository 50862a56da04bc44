// Connections that are older than what holds now: of certificates that ended, rules that changed, and revocations.

import Foundation
import Support
import Synchronization
import TLS
import Testing

@Suite struct OutlivedProofTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
    try folder.write("ca.pem", pki.authority.certificatePEM)
    try revoke([])
  }

  private static let read = get("/v1/peerings", token: Token.administrator)
  private static let wait = get("/v1/peerings?index=7&wait=300s", token: Token.administrator)

  private func revoke(_ identities: [Identity]) throws {
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: identities))
  }

  private func gate(
    _ upstream: RecordingUpstream, revocations: Bool = false, more: String = "", workers: Int = 2
  ) throws
    -> GateProcess
  {
    let list = revocations ? "crl_file = \"\(folder.path)/crl.pem\"" : ""
    return try GateProcess(
      upstream: upstream.address,
      listener: "ca_file = \"\(folder.path)/ca.pem\"  verify_incoming = true  \(list)", more: more,
      workers: workers, pki: pki)
  }

  private func reload(_ gate: GateProcess, times: Int = 1) {
    gate.signal(SIGHUP)
    #expect(eventually { gate.log.components(separatedBy: " reloaded").count > times }, "\(gate.log)")
  }

  private func isRefused(_ gate: GateProcess, as identity: Identity) -> Bool {
    (try? gate.connect(identity: identity).request(Self.read)) == nil
  }

  @Test func `an open connection does not outlive its certificate`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try gate(upstream)
    let client = try gate.connect(
      identity: pki.client("short", validity: Validity(fromSeconds: -60, untilSeconds: 3)))
    #expect(try client.request(Self.read).status == 200)
    usleep(3_100_000)
    let asked = upstream.requests.count
    let reply = try client.request(Self.read)
    #expect(reply.status == 403)
    #expect(reply["connection"] == "close")
    #expect(
      reply.body
        == "the client certificate of this connection, or one above it, has expired: connect with a valid one"
    )
    #expect(upstream.requests.count == asked)
    _ = try client.rest()
    let line = try #require(try gate.audit().last)
    #expect(line.status == "403" && line.reason?.contains("has expired") == true)
    #expect(line.certificateSubject == "CN=short" && line.outcome == "refuse")
  }

  /// What a caller may do without any right, too.
  @Test(arguments: ["OPTIONS /v1/peerings", "GET /v1/kv/x", "HEAD /v1/peerings"])
  func `nothing is answered as before once an authority above the certificate has ended`(line: String) throws
  {
    let between = try pki.authority.issueAuthority(
      commonName: "between", validity: Validity(fromSeconds: -60, untilSeconds: 3))
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try gate(upstream)
    let client = try gate.connect(identity: between.issueClient(commonName: "a"))
    #expect(try client.request(Self.read).status == 200)
    usleep(3_100_000)
    let parts = line.split(separator: " ").map(String.init)
    let reply = try client.request(request(parts[0], parts[1], token: Token.administrator))
    #expect(reply.status == 403 && reply["connection"] == "close")
  }

  @Test func `the reply to a query that waited longer than its certificate lasts is withheld`() throws {
    let mayAnswer = Flag()
    let upstream = try RecordingUpstream { request in
      guard request.target.contains("index=") else { return .json("[]") }
      mayAnswer.wait()
      return .json(list(["hub"]))
    }
    let gate = try gate(upstream)
    defer { mayAnswer.set() }
    let client = try gate.connect(
      identity: pki.client("short", validity: Validity(fromSeconds: -60, untilSeconds: 3)))
    try client.send(Self.wait)
    #expect(eventually { upstream.requests.count == 1 })
    usleep(3_100_000)
    mayAnswer.set()
    let reply = try client.reply()
    #expect(reply.status == 403 && reply["connection"] == "close" && !reply.body.contains("hub"))
  }

  @Test func `after other authorities an old connection is told to connect again`() throws {
    let upstream = try RecordingUpstream { $0.target.contains("index=") ? .silence() : .json("[]") }
    let gate = try gate(upstream)
    let identity = try pki.client("a")
    let (idle, waiting) = (try gate.connect(identity: identity), try gate.connect(identity: identity))
    #expect(try idle.request(Self.read).status == 200)
    try waiting.send(Self.wait)
    #expect(eventually { upstream.requests.contains { $0.target.contains("index=") } })
    let other = try TestPKI()
    try folder.write("ca.pem", pki.authority.certificatePEM + other.authority.certificatePEM)
    reload(gate)
    let sentence =
      "the rules for client certificates have changed since this connection was made: connect again"
    for reply in [try waiting.reply(), try idle.request(Self.read)] {
      #expect(reply.status == 403 && reply["connection"] == "close" && reply.body == sentence)
    }
    #expect(try gate.connect(identity: identity).request(Self.read).status == 200)
    #expect(try gate.audit().count { $0.reason == sentence } == 2)
  }

  @Test func `a reload that changes nothing of that leaves connections alone`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try gate(upstream, revocations: true)
    let client = try gate.connect(identity: pki.client("a"))
    for times in 1...3 {
      #expect(try client.request(Self.read).status == 200)
      reload(gate, times: times)
    }
    #expect(try client.request(Self.read).status == 200)
  }

  @Test func `a revocation ends what is open within a second, and nothing else`() throws {
    let upstream = try RecordingUpstream { $0.target.contains("index=") ? .silence() : .json("[]") }
    let gate = try gate(upstream, revocations: true)
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let (idle, fresh) = (try gate.connect(identity: bad), try gate.connect(identity: bad))
    let (halfway, sending) = (try gate.connect(identity: bad), try gate.connect(identity: bad))
    let (waiting, friend) = (try gate.connect(identity: bad), try gate.connect(identity: good))
    let friendWaiting = try gate.connect(identity: good)
    for client in [idle, friend] { #expect(try client.request(Self.read).status == 200) }
    try halfway.send("GET /v1/peerings HTTP/1.1\r\nHost:")
    try sending.send(
      "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.administrator)\r\n"
        + "Content-Length: 100\r\n\r\n{")
    for client in [waiting, friendWaiting] { try client.send(Self.wait) }
    #expect(eventually { upstream.requests.count { $0.target.contains("index=") } == 2 })
    try revoke([bad])
    reload(gate)
    let begin = Date()
    let reply = try waiting.reply()
    #expect(reply.status == 403 && reply["connection"] == "close")
    #expect(reply.body == "the client certificate of this connection, or one above it, is revoked")
    for client in [idle, fresh] { #expect(try client.rest() == "") }
    for client in [halfway, sending] { #expect(try client.rest().contains(" 403 ")) }
    _ = try waiting.rest()
    #expect(Date().timeIntervalSince(begin) < 1)
    #expect(isRefused(gate, as: bad))
    #expect(try friend.request(Self.read).status == 200)
    #expect(upstream.departed == 1, "the query of the other still waits")
    #expect(gate.isRunning)
    // The ticket of before is no way round.
    let refused = try gate.audit().filter { $0.reason?.contains("is revoked") == true }
    #expect(refused.count == 3 && refused.allSatisfy { $0.certificateSubject == "CN=bad" })
  }

  /// Nothing is asked and nothing read again: the time comes.
  @Test(arguments: ["refuse", "warn"])
  func `the operator is told when a CRL expires in use`(setting: String) throws {
    try folder.write(
      "crl.pem",
      pki.authority.revocationListPEM(of: [], validity: Validity(fromSeconds: -3_600, untilSeconds: 6)))
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(
      upstream: upstream.address,
      listener: """
        ca_file = "\(folder.path)/ca.pem"  crl_file = "\(folder.path)/crl.pem"  crl_expired = "\(setting)"
        """, pki: pki)
    #expect(gate.log.contains("the CRL of (CN=Test CA) expires in 0 hours"))
    #expect(
      gate.hasLogged(
        setting == "refuse"
          ? "the CRL of (CN=Test CA) has expired: the clients it speaks for are refused"
          : "the CRL of (CN=Test CA) has expired and counts on"), "\(gate.log)")
  }

  /// Those of a crowd have no task while they are idle.
  @Test func `connections that rest end by a revocation like others`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try gate(
      upstream, revocations: true,
      more: "limits { idle_timeout = \"60s\"  per_address { connections = 400 } }", workers: 1)
    let (bad, good) = (try pki.client("bad"), try pki.client("good"))
    let crowd = try (0..<300).map { try gate.connect(identity: $0.isMultiple(of: 2) ? bad : good) }
    for client in crowd { #expect(try client.request(Self.read).status == 200) }
    usleep(600_000)
    try revoke([bad])
    reload(gate)
    let begin = Date()
    for (number, client) in crowd.enumerated() where number.isMultiple(of: 2) {
      #expect(try client.rest() == "")
    }
    #expect(Date().timeIntervalSince(begin) < 2)
    for (number, client) in crowd.enumerated() where !number.isMultiple(of: 2) {
      #expect(try client.request(Self.read).status == 200)
    }
  }

  @Test func `a change under way when its certificate is revoked is answered, and the connection ends`()
    throws
  {
    let mayAnswer = Flag()
    let upstream = try RecordingUpstream { _ in
      mayAnswer.wait()
      return .json("1")
    }
    let gate = try gate(upstream, revocations: true)
    defer { mayAnswer.set() }
    let bad = try pki.client("bad")
    let client = try gate.connect(identity: bad)
    try client.send(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(eventually { upstream.requests.count == 1 })
    try revoke([bad])
    reload(gate)
    usleep(800_000)
    mayAnswer.set()
    let reply = try client.reply()
    #expect(reply.status == 200 && reply["connection"] == "close")
    _ = try client.rest()
  }

  @Test func `a CRL file that is not valid leaves the old one in force`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let bad = try pki.client("bad")
    try revoke([bad])
    let gate = try gate(upstream, revocations: true)
    try folder.write(
      "crl.pem",
      pki.authority.revocationListPEM(of: [], validity: Validity(fromSeconds: -9_000, untilSeconds: -3_700)))
    gate.signal(SIGHUP)
    #expect(gate.hasLogged("nothing was reloaded"))
    #expect(gate.log.contains("crl.pem:1: the CRL of (CN=Test CA) expired 1 hours ago"))
    #expect(isRefused(gate, as: bad))
    #expect(try gate.connect(identity: pki.client("good")).request(Self.read).status == 200)
  }
}

private final class Flag: Sendable {
  private let isSet = Atomic(false)
  func set() { isSet.store(true, ordering: .releasing) }
  func wait() { _ = eventually { isSet.load(ordering: .acquiring) } }
}
