// The way to Consul: TLS that proves who is there, a certificate of ours, or a unix socket.

import Foundation
import Support
import Testing
import TLS

@Suite struct ConsulTLSTests {
  private let pki: TestPKI

  init() throws { pki = try TestPKI() }

  private static let read = get("/v1/peering/hub", token: Token.administrator)

  private func upstream(
    demanding clients: ServerSettings.ClientCertificates = .ignored,
    _ answer: RecordingUpstream.Answer = .json("[1,2]")
  ) throws -> RecordingUpstream {
    let settings = try ServerSettings(identity: pki.server, clientCertificates: clients)
    return try RecordingUpstream(tls: settings) { _ in answer }
  }

  private func block(_ upstream: RecordingUpstream, host: String = "127.0.0.1", _ more: String = "") -> String
  {
    "address = \"https://\(host):\(upstream.port)\"  ca_file = \"\(pki.authorityFile)\"  \(more)"
  }

  private func expectUntrusted(_ block: String, _ upstream: RecordingUpstream, reason: String) throws {
    let gate = try GateProcess(upstream: block)
    let reply = try gate.request(Self.read)
    #expect(reply.status == 502)
    #expect(reply.body == "Consul cannot be reached")
    #expect(upstream.requests.isEmpty, "a request, with its token, went to someone who is not Consul")
    let given = try #require(try gate.audit().last?.reason)
    #expect(given.contains(reason), "\(given)")
  }

  @Test func `https with the right authority and name`() throws {
    for host in ["127.0.0.1", "localhost"] {
      let upstream = try upstream()
      let gate = try GateProcess(upstream: block(upstream, host: host))
      let client = try gate.connect()
      for _ in 0..<2 { #expect(try client.request(Self.read).body == "[1,2]") }
      #expect(upstream.requests.map(\.connection) == [0, 0])
      #expect(upstream.requests[0]["host"] == "\(host):\(upstream.port)")
    }
  }

  @Test func `a name that the certificate does not prove is 502`() throws {
    let upstream = try upstream()
    try expectUntrusted(
      block(upstream, "server_name = \"server.dc1.consul\""), upstream, reason: "server.dc1.consul")
  }

  @Test func `the name that counts can be given`() throws {
    let named = try pki.authority.issueServer(names: [.dns("server.dc1.consul")])
    let upstream = try RecordingUpstream(tls: ServerSettings(identity: named)) { _ in .json("1") }
    let gate = try GateProcess(upstream: block(upstream, "server_name = \"server.dc1.consul\""))
    #expect(try gate.request(Self.read).status == 200)
    try expectUntrusted(block(upstream), try self.upstream(), reason: "127.0.0.1")
  }

  @Test func `another authority is 502`() throws {
    let other = try TestPKI()
    let upstream = try upstream()
    let block = "address = \"https://127.0.0.1:\(upstream.port)\"  ca_file = \"\(other.authorityFile)\""
    try expectUntrusted(block, upstream, reason: "certificate")
  }

  @Test func `a Consul that speaks no TLS is 502`() throws {
    let plain = try RecordingUpstream { _ in .json("1") }
    try expectUntrusted(block(plain), plain, reason: "upstream")
  }

  @Test func `the gate shows its certificate to a Consul that demands one`() throws {
    _ = try pki.client("gate")
    let upstream = try upstream(demanding: .required(pki.authority.bundle))
    let files =
      "cert_file = \"\(pki.certificateFile("gate"))\"  key_file = \"\(pki.keyFile("gate"))\""
    let gate = try GateProcess(upstream: block(upstream, files))
    #expect(try gate.request(Self.read).body == "[1,2]")
    let bare = try GateProcess(upstream: block(upstream))
    #expect(try bare.request(Self.read).status == 502)
    #expect(upstream.requests.count == 1)
  }

  @Test func `a reply cut before TLS's goodbye is not taken for whole`() throws {
    let reply = "HTTP/1.1 200 OK\r\n\r\n[]"
    let ended = try upstream(.last(reply))
    let whole = try GateProcess(upstream: block(ended))
    #expect(try whole.request(Self.read).body == "[]")
    let broken = try upstream(.cut(reply))
    let cut = try GateProcess(upstream: block(broken))
    #expect(try cut.request(Self.read).status == 502)
  }

  @Test func `a client that leaves ends its query over TLS too`() throws {
    let upstream = try upstream(.silence())
    let gate = try GateProcess(upstream: block(upstream))
    let client = try gate.connect()
    try client.send(get("/v1/peerings?index=7", token: Token.administrator))
    #expect(eventually { upstream.requests.count == 1 })
    client.leave(.silently)
    #expect(eventually { upstream.departed == 1 })
  }

  @Test func `a unix socket`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/consul.sock"
    let upstream = try RecordingUpstream(path: path) { _ in .json("[1,2]") }
    let gate = try GateProcess(upstream: "unix://\(path)")
    let client = try gate.connect()
    for _ in 0..<2 { #expect(try client.request(Self.read).body == "[1,2]") }
    #expect(upstream.requests.map(\.connection) == [0, 0])
    #expect(upstream.requests[0]["host"] == "localhost")

    upstream.stop()
    #expect(try gate.request(Self.read).status == 502)
  }

  @Test func `a connection to Consul does not outlive the certificates that proved it`() throws {
    let between = try pki.authority.issueAuthority(
      commonName: "between", validity: Validity(fromSeconds: -60, untilSeconds: 4))
    let identity = try between.issueServer(names: [.dns("localhost"), .ip("127.0.0.1")])
    let upstream = try RecordingUpstream(tls: ServerSettings(identity: identity)) { _ in .json("1") }
    let gate = try GateProcess(upstream: block(upstream), workers: 1)
    let client = try gate.connect()
    for _ in 0..<2 { #expect(try client.request(Self.read).status == 200) }
    #expect(upstream.requests.map(\.connection) == [0, 0])
    usleep(4_100_000)
    #expect(try client.request(Self.read).status == 502)
    #expect(upstream.requests.count == 2)
    #expect(try gate.audit().last?.reason?.contains("has expired") == true)
  }

  @Test func `a connection that is in use while the authorities change is not used again`() throws {
    let other = try TestPKI()
    let folder = try ScratchFolder()
    try folder.write("consul-ca.pem", pki.authority.certificatePEM)
    let hasChanged = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream(tls: ServerSettings(identity: pki.server)) { request in
      if request.target.hasSuffix("slow") { hasChanged.wait() }
      return .json("1")
    }
    let gate = try GateProcess(
      upstream:
        "address = \"https://127.0.0.1:\(upstream.port)\"  ca_file = \"\(folder.path)/consul-ca.pem\"",
      workers: 1)
    let client = try gate.connect()
    try client.send(get("/v1/peering/slow", token: Token.administrator))
    #expect(eventually { upstream.requests.count == 1 })
    try folder.write("consul-ca.pem", other.authority.certificatePEM)
    gate.signal(SIGHUP)
    #expect(gate.hasLogged("peergate: reloaded"))
    // The worker has taken it over once another request is refused.
    let witness = try gate.connect()
    #expect(try eventually { try witness.request(Self.read).status == 502 })
    hasChanged.signal()
    #expect(try client.reply().status == 200)
    #expect(try client.request(Self.read).status == 502)
  }
}
