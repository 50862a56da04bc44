// Strangers who are refused again and again do not push out of the log what others did.

import Support
import Testing

@Suite struct RefusalFloodTests {
  @Test(arguments: [nil, "unknown-to-everybody"])
  func `a delete stays in the files that are kept, and every refusal is a line or counted`(
    token: String?
  ) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, auditMore: "rotate_bytes = 65536\n rotate_max_files = 1")
    #expect(try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator)).status == 200)
    let client = try gate.connect()
    for _ in 0..<1_000 {
      #expect(try client.request(request("GET", "/v1/peering/hub", token: token)).status == 403)
    }
    gate.stop()
    let lines = try gate.audit()
    #expect(lines.count { $0.operation == "delete" } == 2)
    let kind = token == nil ? "no_credential" : "unknown_token"
    let counted = try AuditLog.events("gate-refusals-thinned", in: gate.auditPath)
      .reduce(0) { $0 + ($1[kind] as? Int ?? 0) }
    let recorded = lines.count { $0.status == "403" }
    #expect(recorded >= 8)
    #expect(recorded + counted == 1_000)
  }

  @Test(arguments: [nil, "unknown-to-everybody", Token.reader])
  func `so does it under a flood of OPTIONS, anyone who sends it`(token: String?) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, auditMore: "rotate_bytes = 65536\n rotate_max_files = 1")
    #expect(try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator)).status == 200)
    let client = try gate.connect()
    let targets = ["/v1/peerings", "/v1/peering/hub", "/v1/peering/token", "/v1/peering/establish"]
    for target in (0..<250).flatMap({ _ in targets }) {
      #expect(try client.request(request("OPTIONS", target, token: token)).status == 200)
    }
    gate.stop()
    let lines = try gate.audit()
    #expect(lines.count { $0.operation == "delete" } == 2)
    let counted = try AuditLog.events("gate-refusals-thinned", in: gate.auditPath)
      .reduce(0) { $0 + ($1["options"] as? Int ?? 0) }
    let recorded = lines.count { $0.text.contains("\"operation\":\"OPTIONS\"") }
    #expect(recorded >= 8)
    #expect(recorded + counted == 1_000)
  }

  @Test func `anyone who is known has a line for each refusal`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for _ in 0..<100 {
      #expect(try client.request(request("DELETE", "/v1/peering/hub", token: Token.reader)).status == 403)
    }
    #expect(try gate.audit().count { $0.status == "403" } == 100)
  }

  @Test func `an operator may have a line for each of a stranger's too`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
    let client = try gate.connect()
    for _ in 0..<100 { #expect(try client.request(request("GET", "/v1/peering/hub")).status == 403) }
    #expect(try gate.audit().count { $0.status == "403" } == 100)
  }
}
