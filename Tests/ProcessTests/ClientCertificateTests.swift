// Client certificates: who is let in, and by which name the record knows them.

import Support
import Testing
import TLS

@Suite struct ClientCertificateTests {
  private let upstream: RecordingUpstream
  private let pki: TestPKI

  init() throws {
    upstream = try RecordingUpstream { _ in .json("[]") }
    pki = try TestPKI()
  }

  private func gate(required: Bool) throws -> GateProcess {
    try GateProcess(
      upstream: upstream.address,
      listener: "ca_file = \"\(pki.authorityFile)\"  verify_incoming = \(required)", pki: pki)
  }

  private static let read = get("/v1/peerings", token: Token.administrator)

  private func ask(_ gate: GateProcess, as identity: Identity?) throws -> RawReply {
    try gate.connect(identity: identity).request(Self.read)
  }

  /// Under TLS 1.3 a client learns of its refusal when it reads.
  private func isRefused(_ gate: GateProcess, as identity: Identity?) -> Bool {
    do {
      _ = try ask(gate, as: identity)
      return false
    } catch {
      return true
    }
  }

  @Test func `where certificates are required nobody else is let in`() throws {
    let gate = try gate(required: true)
    #expect(isRefused(gate, as: nil))
    let stranger = try TestPKI().client("team-a")
    #expect(isRefused(gate, as: stranger))
    let expired = try pki.client("late", validity: Validity(fromSeconds: -7200, untilSeconds: -3600))
    #expect(isRefused(gate, as: expired))
    #expect(isRefused(gate, as: pki.server), "a server's certificate is no client's")
    #expect(upstream.requests.isEmpty)
    #expect(try gate.audit().isEmpty)
    #expect(try ask(gate, as: pki.client("team-a")).status == 200)
  }

  /// Nobody is recognised by names that were not all looked at; from outside that is hard to understand.
  @Test func `the operator is told of a certificate with more names than are looked at`() throws {
    let gate = try gate(required: true)
    func names(_ count: Int) -> [SubjectAlternativeName] { (0..<count).map { .dns("host-\($0).example") } }
    #expect(try ask(gate, as: pki.client("full", names: names(64))).status == 200)
    #expect(!gate.log.contains("more alternative names"))
    #expect(try ask(gate, as: pki.client("overfull", names: names(65))).status == 200)
    #expect(gate.hasLogged("a client certificate has more alternative names of a kind than are looked at"))
    #expect(gate.hasLogged("limit=64"))
  }

  @Test func `subject and names stand in the record`() throws {
    let gate = try gate(required: true)
    let identity = try pki.client(
      "team-a", names: [.dns("ci.team-a.example"), .uri("spiffe://example.org/team-a"), .ip("10.1.2.3")])
    #expect(try ask(gate, as: identity).status == 200)
    let refused = try gate.connect(identity: identity).request(get("/v1/kv/x"))
    #expect(refused.status == 403)
    for line in try gate.audit() {
      #expect(line.certificateSubject == "CN=team-a")
      #expect(line.certificateNames == ["ci.team-a.example", "spiffe://example.org/team-a", "10.1.2.3"])
    }
    #expect(try gate.audit().count == 2)
  }

  /// Anyone who looks at the records can tell which connections hold against a quantum computer.
  @Test func `the group in which keys were agreed on stands in the record, and what is offered in the check`()
    throws
  {
    let gate = try gate(required: false)
    let context = try pki.clientContext(identity: pki.client("team-a"))
    for context in [try pki.clientContext(), context, context] {
      #expect(try RawClient(port: gate.port, context: context).request(Self.read).status == 200)
    }
    let groups = try gate.audit().map(\.group)
    #expect(groups == Array(repeating: KeyExchangeGroup.offered[0], count: 3))
    let check = try GateProcess.run(["serve", "--check", "--config", gate.folder.path + "/peergate.hcl"])
    #expect(check.status == 0)
    #expect(check.output.contains("TLS groups, by preference: \(KeyExchangeGroup.list)\n"))
  }

  @Test func `where certificates are optional a bad one is worse than none`() throws {
    let gate = try gate(required: false)
    #expect(try ask(gate, as: nil).status == 200)
    #expect(try ask(gate, as: pki.client("team-a")).status == 200)
    #expect(isRefused(gate, as: try TestPKI().client("team-a")))
    #expect(try gate.audit().map(\.certificateSubject) == [nil, "CN=team-a"])
  }

  @Test func `a certificate that resumes is still known`() throws {
    let gate = try gate(required: true)
    let context = try pki.clientContext(identity: pki.client("team-a"))
    for _ in 0..<4 {
      #expect(try RawClient(port: gate.port, context: context).request(Self.read).status == 200)
    }
    #expect(try gate.audit().map(\.certificateSubject) == Array(repeating: "CN=team-a", count: 4))
  }

  @Test func `a certificate can be the credential, and a forged one is none`() throws {
    let policies = """
      policy "read" { peering = "read" }
      token "payments" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        policies    = ["read"]
        client_certificate { san_uri = ["spiffe://example.org/ns/payments/*"] }
      }
      """
    let gate = try GateProcess(
      upstream: upstream.address, policies: policies,
      listener: "ca_file = \"\(pki.authorityFile)\"", pki: pki)
    let mine = try pki.client("a", names: [.uri("spiffe://example.org/ns/payments/ci")])
    let other = try pki.client("b", names: [.uri("spiffe://example.org/ns/other/ci")])
    #expect(try gate.connect(identity: mine).request(get("/v1/peerings")).status == 200)
    #expect(try gate.connect(identity: other).request(get("/v1/peerings")).status == 403)
    #expect(try gate.connect().request(get("/v1/peerings")).status == 403)
    #expect(try gate.audit().map(\.subject).first == "payments")
    // Consul sees no token of the client's, and no default one is used.
    #expect(upstream.requests.map { $0["x-consul-token"] } == ["anonymous"])
  }

  @Test func `the record names the very name that recognised the caller, whatever else there is`() throws {
    let policies = """
      policy "read" { peering = "read" }
      token "payments" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        policies    = ["read"]
        client_certificate { san_uri = ["https://example.org/payments/*"]  san_dns = ["n41.example"] }
      }
      """
    let gate = try GateProcess(
      upstream: upstream.address, policies: policies, listener: "ca_file = \"\(pki.authorityFile)\"", pki: pki
    )
    let others = (0..<40).map { SubjectAlternativeName.dns("n\($0).example") }
    for (more, name) in [
      ([.dns("n41.example")], "n41.example"),
      ([.dns("n41.example"), .uri("https://example.org/payments/ci")], "https://example.org/payments/ci"),
    ] as [([SubjectAlternativeName], String)] {
      let identity = try pki.client("a", names: others + more)
      #expect(try gate.connect(identity: identity).request(get("/v1/peerings")).status == 200)
      let line = try #require(try gate.audit().last)
      #expect(line.text.contains("\"certificate_name\":\"\(name)\""))
      #expect(!line.certificateNames.contains(name), "it is not among those that are listed")
    }
  }
}
