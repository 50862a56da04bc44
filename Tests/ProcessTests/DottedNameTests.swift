// A host name that ends with a dot is the same name, and an IPv4 address that is mapped into IPv6 the same address.

import Support
import TLS
import Testing

@Suite struct DottedNameTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  @Test func `Consul's name may end with a dot`() throws {
    let pki = try TestPKI()
    let settings = try ServerSettings(identity: pki.server)
    let upstream = try RecordingUpstream(tls: settings) { _ in .json("{}") }
    let trust = "ca_file = \"\(pki.authorityFile)\""
    let dotted = try GateProcess(
      upstream: "address = \"https://127.0.0.1:\(upstream.port)\"  server_name = \"localhost.\"  \(trust)")
    #expect(try dotted.request(Self.read).status == 200)
    // Whether it is found depends on the machine: a file of hosts has no names with dots.
    let found = try GateProcess(upstream: "address = \"https://localhost.:\(upstream.port)\"  \(trust)")
    let status = try found.request(Self.read).status
    #expect(status == 200 || upstream.requests.count == 1)
    for name in ["localhost..", ".", "other."] {
      let place = "address = \"https://127.0.0.1:\(upstream.port)\"  server_name = \"\(name)\""
      let gate = try? GateProcess(upstream: "\(place)  \(trust)")
      #expect(try gate?.request(Self.read).status != 200, "\(name)")
    }
  }

  @Test func `Consul's address may be mapped`() throws {
    let pki = try TestPKI()
    let settings = try ServerSettings(identity: pki.server)
    let upstream = try RecordingUpstream(tls: settings) { _ in .json("{}") }
    let gate = try GateProcess(
      upstream:
        "address = \"https://[::ffff:127.0.0.1]:\(upstream.port)\"  ca_file = \"\(pki.authorityFile)\"")
    #expect(try gate.request(Self.read).status == 200)
  }

  @Test func `a client's address is IPv4 at a listener of both families`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address, address: "[::]:0")
    #expect(try gate.request(Self.read).status == 200)
    #expect(upstream.requests.first?["x-forwarded-for"] == "127.0.0.1")
    #expect(try gate.audit().last?.text.contains("\"remote_addr\":\"127.0.0.1:") == true)
  }
}
