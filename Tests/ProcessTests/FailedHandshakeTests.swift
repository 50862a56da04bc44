// Handshakes that fail: on record with their reason, and under flood as a number.

import Foundation
import Support
import Testing

@Suite struct FailedHandshakeTests {
  private let upstream: RecordingUpstream

  init() throws { upstream = try RecordingUpstream { _ in .json("[]") } }

  private func events(_ kind: String, in gate: GateProcess) throws -> [[String: Any]] {
    try AuditLog.events(kind, in: gate.auditPath)
  }

  private func fail(_ bytes: [UInt8], at gate: GateProcess) throws {
    let socket = try BlockingSocket.connect(port: gate.port)
    try socket.write(bytes)
    while let more = try? socket.read(), !more.isEmpty {}
  }

  @Test func `each is on record with who and why`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    try fail(Array("GET / HTTP/1.1\r\n\r\n".utf8), at: gate)
    try fail(ClientHello(version: 1, suites: [0xC013]).bytes, at: gate)
    try fail(ClientHello(version: 3, suites: [0xC02B], protocols: ["h2\u{1}\"", "spdy"]).bytes, at: gate)
    #expect(try eventually { try self.events("gate-handshakes-failed", in: gate).count == 3 })
    let events = try events("gate-handshakes-failed", in: gate)
    #expect(events.allSatisfy { ($0["remote_addr"] as? String)?.hasPrefix("127.0.0.1:") == true })
    let reasons = events.compactMap { $0["reason"] as? String }.joined(separator: "\n")
    for words in ["plain HTTP", "no common TLS version", "spdy by ALPN"] {
      #expect(reasons.contains(words), "\(reasons)")
    }
    #expect(!reasons.utf8.contains(1))
    gate.stop()
    #expect(try self.events("gate-stop", in: gate).first?["failed_handshakes"] as? Int == 3)
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }

  @Test func `a connection that says nothing is no event, and a number tells of it`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    for _ in 0..<20 { try BlockingSocket.connect(port: gate.port).shutdown() }
    // One byte is a beginning.
    try fail([0x16], at: gate)
    #expect(try eventually { try self.events("gate-handshakes-failed", in: gate).count == 1 })
    gate.stop()
    let stop = try #require(try self.events("gate-stop", in: gate).first)
    #expect(stop["silent_connections"] as? Int == 20)
    #expect(stop["failed_handshakes"] as? Int == 1)
  }

  @Test func `a client certificate that is missing or wrong is such a failure`() throws {
    let pki = try TestPKI()
    let gate = try GateProcess(
      upstream: upstream.address,
      listener: "ca_file = \"\(pki.authorityFile)\"\n verify_incoming = true", pki: pki)
    _ = try? gate.request(get("/v1/peerings"))
    #expect(try eventually { try events("gate-handshakes-failed", in: gate).count == 1 })
    #expect(
      try events("gate-handshakes-failed", in: gate).first?["reason"] as? String
        == "client showed no certificate, and one is required")
  }

  @Test func `of a flood the log grows by a bounded number of lines, and says how many there were`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    for _ in 0..<300 { try fail(Array("nonsense, not TLS at all".utf8), at: gate) }
    gate.stop()
    let events = try events("gate-handshakes-failed", in: gate)
    let suppressed = events.reduce(0) { $0 + ($1["suppressed"] as? Int ?? 0) }
    let recorded = events.count { $0["reason"] != nil }
    #expect(recorded + suppressed == 300)
    #expect(suppressed > 0)
    #expect(try self.events("gate-stop", in: gate).first?["failed_handshakes"] as? Int == 300)
  }

  @Test func `connections that a stop ends are nobody's failure`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    let waiting = try BlockingSocket.connect(port: gate.port)
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    gate.stop()
    #expect(try events("gate-handshakes-failed", in: gate).isEmpty)
    _ = waiting
  }
}
