// Records that cannot be kept: nothing is changed, nothing is answered, and nobody waits for long.

import Foundation
import Support
import Testing

@Suite struct UnkeptRecordTests {
  private let upstream: RecordingUpstream

  init() throws { upstream = try RecordingUpstream { _ in .json("[4815162342]") } }

  private func expectWithheld(_ reply: RawReply) {
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(!reply.body.contains("4815162342"))
    #expect(reply.body.contains("audit record"))
  }

  private static let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  @Test func `on a full disk changes do not reach Consul and replies do not reach the client`() throws {
    let gate = try GateProcess(upstream: upstream.address, auditPath: "/dev/full")
    let client = try gate.connect()
    try expectWithheld(client.request(Self.change))
    #expect(upstream.requests.isEmpty)
    try expectWithheld(client.request(Self.read))
    try expectWithheld(client.request(get("/v1/peering/hub")))
    // What is no request at all is not answered in detail either.
    let nonsense = try gate.request("nonsense\r\n\r\n")
    #expect(nonsense.status == 503)
    #expect(gate.hasLogged("no space left"))
    #expect(gate.stop() == 0)
  }

  @Test func `a pipe that nobody empties makes 503 in time, and changes wait for nobody`() throws {
    let pipe = try StuckPipe()
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { audit_timeout = \"300ms\" }", auditPath: pipe.path)
    var reply = try gate.request(Self.read)
    for _ in 0..<40 where reply.status == 200 { reply = try gate.request(Self.read) }
    expectWithheld(reply)

    let begin = Date()
    try expectWithheld(gate.request(Self.change))
    // Ten times the time allowed, for a machine that is busy with other things.
    #expect(Date().timeIntervalSince(begin) < 3)
    #expect(!upstream.requests.contains { $0.method == "DELETE" })

    // Read again, and it recovers by itself.
    pipe.startReading()
    #expect(try eventually { try gate.request(Self.read).status == 200 })
    #expect(try gate.request(Self.change).status == 200)
    gate.stop()
    // Every line is whole, and what was refused for want of a record was never asked of Consul.
    #expect(eventually { pipe.text.contains("audit-close") }, "\(pipe.text.suffix(300))")
    let changes = try AuditLog.lines(in: pipe.text).filter { $0.operation == "delete" }
    #expect(changes.filter { $0.status == "200" }.count == 1)
    #expect(upstream.requests.count { $0.method == "DELETE" } == 1)
  }

  @Test func `a pipe whose reader is gone makes 503 at once, until there is a reader again`() throws {
    let pipe = try StuckPipe()
    let gate = try GateProcess(upstream: upstream.address, auditPath: pipe.path)
    #expect(try gate.request(Self.read).status == 200)
    pipe.close()
    try expectWithheld(gate.request(Self.change))
    #expect(!upstream.requests.contains { $0.method == "DELETE" })
    try pipe.open()
    pipe.startReading()
    #expect(try eventually { try gate.request(Self.change).status == 200 })
    // What was lost meanwhile is not passed over.
    #expect(eventually { pipe.text.contains("audit-gap") })
  }

  @Test func `a disk that fills while the gate runs withholds answers until there is room again`() throws {
    // A limit on the size of files stands in for the disk's.
    let folder = try ScratchFolder()
    let audit = folder.path + "/audit.jsonl"
    let gate = try GateProcess(upstream: upstream.address, auditPath: audit, fileBytes: 16_384)
    var reply = try gate.request(Self.read)
    for _ in 0..<60 where reply.status == 200 { reply = try gate.request(Self.read) }
    expectWithheld(reply)
    try expectWithheld(gate.request(Self.change))
    #expect(!upstream.requests.contains { $0.method == "DELETE" })
    let kept = try gate.audit()
    #expect(kept.count > 10)

    // Room again: the operator moved the file away.
    try FileManager.default.moveItem(atPath: audit, toPath: audit + ".1")
    #expect(try eventually { try gate.request(Self.change).status == 200 })
    #expect(try gate.audit().last?.status == "200")
  }
}
