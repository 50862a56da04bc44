// One record for each answer, before the answer; one for each change, before the change.

import Support
import Synchronization
import Testing

@Suite struct RecordOrderTests {
  /// One of each kind of outcome.
  private static let mixed = [
    get("/v1/peerings", token: Token.administrator), get("/v1/peerings", token: Token.reader),
    get("/v1/peering/cluster-01", token: Token.reader), get("/v1/peering/hub", token: Token.reader),
    get("/v1/peerings"), get("/v1/kv/x", token: Token.administrator), get("/v1/peerings?wait=x&index=1"),
    request("POST", "/v1/peering/token", token: Token.owner, body: "{\"PeerName\":\"cluster-02\"}"),
    request("POST", "/v1/peering/token", token: Token.owner, body: "{\"PeerName\":\"hub\"}"),
    request("POST", "/v1/peering/token", token: Token.owner, body: "{\"PeerName\":"),
    request(
      "POST", "/v1/peering/establish", token: Token.owner,
      body: "{\"PeerName\":\"cluster-02\",\"PeeringToken\":\"dG9rZW4=\"}"),
    request("DELETE", "/v1/peering/cluster-02", token: Token.owner),
    request("DELETE", "/v1/peering/cluster-01", token: Token.owner),
    request("OPTIONS", "/v1/peerings"), request("HEAD", "/v1/peerings", token: Token.reader),
    "GET /v1/peerings HTTP/1.1\r\n\r\n", "GET /v1/peerings HTTP/9.9\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n",
  ]

  @Test func `every answer has one record, of its name and status, on file before the answer is out`() throws
  {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    for (number, text) in Self.mixed.enumerated() {
      let reply = try gate.request(text)
      let answers = try gate.audit().filter { $0.stage == "OperationComplete" }
      #expect(answers.count == number + 1, "\(text.prefix(60))")
      #expect(answers.last?.shownID == reply["x-request-id"], "\(text.prefix(60))")
      #expect(answers.last?.status == String(reply.status), "\(text.prefix(60))")
    }
    gate.stop()
    let numbers = try AuditLog.numbers(gate.auditPath)
    #expect(numbers == Array(1...numbers.count), "a number is missing, or stands twice")
    #expect(Set(try gate.audit().map(\.id)).count == Self.mixed.count)
  }

  @Test func `the intent of a change is on record when Consul receives it, and that of a read never`() throws
  {
    let folder = try ScratchFolder()
    let audit = folder.path + "/audit.jsonl"
    let seen = Mutex<[String]>([])
    let upstream = try RecordingUpstream { received in
      let lines = (try? AuditLog.lines(audit)) ?? []
      let mine = lines.filter { $0.id == received["x-request-id"] }.map { "\($0.stage) \($0.peer ?? "-")" }
      seen.withLock { $0.append("\(received.method) \(received.target) after \(mine)") }
      return .json("[]")
    }
    let gate = try GateProcess(upstream: upstream.address, auditPath: audit)
    for text in Self.mixed { _ = try gate.request(text) }
    #expect(
      seen.withLock { $0 } == [
        "GET /v1/peerings after []", "GET /v1/peerings after []", "GET /v1/peering/cluster-01 after []",
        "POST /v1/peering/token after [\"OperationStart cluster-02\"]",
        "POST /v1/peering/establish after [\"OperationStart cluster-02\"]",
        "DELETE /v1/peering/cluster-02 after [\"OperationStart cluster-02\"]",
      ])
  }

  @Test func `intents belong to allowed changes alone`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    for text in Self.mixed { _ = try gate.request(text) }
    let intents = try gate.audit().filter { $0.stage == "OperationStart" }
    #expect(intents.map(\.operation) == ["generate", "establish", "delete"])
    #expect(intents.map(\.outcome) == ["allow", "allow", "allow"])
    #expect(intents.allSatisfy { $0.subject == "docs-cluster-02" && $0.rule != nil })
  }

  @Test func `an intent whose answer failed is followed by what came of it`() throws {
    let upstream = try RecordingUpstream { _ in .close }
    let gate = try GateProcess(upstream: upstream.address)
    let reply = try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == 502)
    let lines = try gate.audit()
    #expect(lines.map(\.stage) == ["OperationStart", "OperationComplete"])
    #expect(Set(lines.map(\.id)) == [reply["x-request-id"]])
    #expect(lines.last?.status == "502")
    #expect(lines.last?.outcome == "allow")
    #expect(lines.last?.reason?.isEmpty == false)
  }
}
