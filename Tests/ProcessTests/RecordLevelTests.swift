// What is recorded of which operation and of which policy, and what never goes unrecorded.

import Foundation
import Support
import Testing

@Suite struct RecordLevelTests {
  private let upstream: RecordingUpstream

  init() throws {
    upstream = try RecordingUpstream { received in
      if received.target.hasSuffix("/gone") {
        return .last("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      }
      return received.target.hasSuffix("peerings") ? .json(list(["hub"])) : .json("{\"Name\":\"hub\"}")
    }
  }

  private func gate(_ levels: String, policies: String? = nil) throws -> GateProcess {
    try GateProcess(upstream: upstream.address, policies: policies, auditMore: levels)
  }

  /// The payloads of one kind of line.
  private func events(_ kind: String, in gate: GateProcess) throws -> [[String: Any]] {
    try AuditLog.events(kind, in: gate.auditPath)
  }

  private func total(_ name: String, in gate: GateProcess) throws -> Int {
    try events("gate-unrecorded", in: gate).reduce(0) { $0 + ($1[name] as? Int ?? 0) }
  }

  private static let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)

  @Test func `allowed reads and lists at none are answered, counted, and not recorded`() throws {
    let gate = try gate("levels {\n read = \"none\"\n list = \"none\"\n }")
    let client = try gate.connect()
    for _ in 0..<7 {
      let reply = try client.request(get("/v1/peering/hub", token: Token.administrator))
      #expect(reply.status == 200 && reply["x-request-id"] != nil)
    }
    for _ in 0..<3 {
      #expect(try client.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    }
    #expect(try client.request(Self.change).status == 200)
    gate.stop()
    #expect(
      try gate.audit().map { "\($0.operation ?? "") \($0.stage)" } == [
        "delete OperationStart", "delete OperationComplete",
      ])
    #expect(try total("read", in: gate) == 7)
    #expect(try total("list", in: gate) == 3)
    // The count of the last interval comes before the stop, and the start says what is not recorded.
    let log = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    let count = try #require(log.firstRange(of: "gate-unrecorded"))
    let stop = try #require(log.firstRange(of: "gate-stop"))
    #expect(count.lowerBound < stop.lowerBound)
    #expect(try events("gate-start", in: gate).first?["levels"] as? String == "read=none list=none")
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }

  @Test func `the count is on record while the gate runs, too`() throws {
    let gate = try gate("levels { read = \"none\" }")
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(try eventually(within: 30) { try total("read", in: gate) == 1 })
  }

  @Test func `what is denied, refused or failed is recorded in full, whatever was asked for`() throws {
    let gate = try gate("levels { read = \"none\"\n list = \"none\" }")
    let requests = [
      get("/v1/peering/hub", token: Token.reader), get("/v1/peerings"), get("/v1/kv/a"),
      get("/v1/peering/HUB"),
      get("/v1/peering/gone", token: Token.administrator), "nonsense\r\n\r\n",
      request("OPTIONS", "/v1/peerings"),
    ]
    for text in requests { _ = try gate.request(text) }
    gate.stop()
    #expect(try gate.audit().map(\.status) == ["403", "403", "403", "400", "404", "400", "200"])
    #expect(try events("audit", in: gate).allSatisfy { $0["level"] == nil && $0["tls"] != nil })
    #expect(try total("read", in: gate) + total("list", in: gate) == 0)
  }

  @Test func `reduced lines say so, intents included`() throws {
    let gate = try gate("levels { delete = \"reduced\"\n read = \"reduced\" }")
    #expect(try gate.request(Self.change).status == 200)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    gate.stop()
    let lines = try events("audit", in: gate)
    #expect(lines.map { $0["level"] as? String } == ["reduced", "reduced", "reduced", nil])
    for line in lines.dropLast() {
      #expect(line["tls"] == nil && (line["request"] as? [String: Any])?["host"] == nil)
      #expect((line["auth"] as? [String: Any])?["description"] as? String == "docs-admin")
    }
  }

  @Test func `a policy's level holds for its tokens, and a reload changes it`() throws {
    let quiet = { (level: String) in
      "policy \"quiet\" {\n \(level)\n peering = \"read\"\n}\nanonymous { policies = [\"quiet\"] }\n"
    }
    let gate = try gate("", policies: quiet("audit = \"none\""))
    #expect(try gate.request(get("/v1/peering/hub")).status == 200)
    #expect(try gate.audit().isEmpty)
    #expect(try events("gate-start", in: gate).first?["policy_levels"] as? String == "quiet=none")
    try gate.folder.write("policies/test.hcl", quiet(""))
    gate.signal(SIGHUP)
    #expect(try eventually { try events("gate-reload", in: gate).count == 1 })
    // Workers take the new set over one after the other.
    #expect(
      try eventually {
        _ = try gate.request(get("/v1/peering/hub"))
        return try !gate.audit().isEmpty
      })
    #expect(try gate.audit().allSatisfy { $0.status == "200" })
  }
}
