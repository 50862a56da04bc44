// Consul goes away and comes back: one line each in the operator's log and in the record, however many ask meanwhile.

import Support
import Synchronization
import Testing

@Suite struct UpstreamHealthTests {
  @Test func `each is told once, with the number of those who asked in vain`() throws {
    let isGone = Mutex(false)
    let upstream = try RecordingUpstream { _ in isGone.withLock { $0 } ? .close : .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    let list = get("/v1/peerings", token: Token.administrator)
    #expect(try gate.request(list).status == 200)
    isGone.withLock { $0 = true }
    for _ in 0..<5 { #expect(try gate.request(list).status == 502) }
    isGone.withLock { $0 = false }
    for _ in 0..<3 { #expect(try gate.request(list).status == 200) }
    gate.stop()
    let lost = try AuditLog.events("gate-upstream-lost", in: gate.auditPath)
    #expect(lost.count == 1 && (lost.first?["reason"] as? String)?.isEmpty == false)
    let back = try AuditLog.events("gate-upstream-back", in: gate.auditPath)
    #expect(back.count == 1 && back.first?["failures"] as? Int == 5)
    #expect(gate.log.split(separator: "\n").count { $0.contains("Consul cannot be used") } == 1)
    #expect(gate.log.split(separator: "\n").count { $0.contains("Consul can be used again") } == 1)
  }

  @Test func `a Consul that refuses is there`() throws {
    let upstream = try RecordingUpstream { _ in
      .bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
    }
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 403)
    gate.stop()
    #expect(try AuditLog.events("gate-upstream-lost", in: gate.auditPath).isEmpty)
  }
}
