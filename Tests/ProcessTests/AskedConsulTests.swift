// The record says which Consul was asked, and whether it was asked once more.

import Foundation
import Support
import Synchronization
import Testing

@Suite struct AskedConsulTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  /// Answers the requests one after the other as told.
  private func upstream(_ answers: [RecordingUpstream.Answer]) throws -> RecordingUpstream {
    let rest = Mutex(answers[...])
    return try RecordingUpstream { _ in rest.withLock { $0.popFirst() } ?? .json("\"too often\"") }
  }

  @Test func `it is the address that has answered, of those that the name resolves to`() throws {
    let upstream = try upstream([.json("1"), .json("2"), .json("3")])
    // `localhost` is both [::1] and 127.0.0.1, where nobody and somebody listens.
    let gate = try GateProcess(upstream: "http://localhost:\(upstream.port)")
    for _ in 0..<2 { #expect(try gate.request(Self.read).status == 200) }
    #expect(
      try gate.request(
        request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}")
      ).status == 200)
    let lines = try gate.audit()
    #expect(
      lines.map(\.stage) == ["OperationComplete", "OperationComplete", "OperationStart", "OperationComplete"])
    // The intent of a change comes before anybody is asked.
    let address = "127.0.0.1:\(upstream.port)"
    #expect(lines.map(\.upstream) == [address, address, nil, address])
    #expect(lines.allSatisfy { $0.repeated == nil && $0.repeatReason == nil })
  }

  @Test func `who was not asked is not named, and who was asked and gave no reply is`() throws {
    let upstream = try upstream([.close])
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(get("/v1/peering/hub")).status == 403)
    #expect(try gate.request(Self.read).status == 502)
    upstream.stop()
    #expect(try gate.request(Self.read).status == 502)
    #expect(try gate.audit().map(\.upstream) == [nil, "127.0.0.1:\(upstream.port)", nil])
  }

  @Test(arguments: [
    ("closed", RecordingUpstream.Answer.close),
    ("request_timeout", .last("HTTP/1.1 408 Request Timeout\r\nContent-Length: 5\r\n\r\ntired")),
  ])
  func `a read that was repeated says why`(_ reason: String, _ answer: RecordingUpstream.Answer) throws {
    let upstream = try upstream([.json("1"), answer, .json("3"), .json("4")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for body in ["1", "3", "4"] { #expect(try client.request(Self.read).body == body) }
    let lines = try gate.audit()
    #expect(lines.map(\.repeated) == [nil, 1, nil])
    #expect(lines.map(\.repeatReason) == [nil, reason, nil])
    #expect(Set(lines.map(\.upstream)) == ["127.0.0.1:\(upstream.port)"])
  }

  @Test func `the log is asked for it, and a report counts it`() throws {
    let upstream = try upstream([.json("1"), .close, .json("3")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for _ in 0..<2 { _ = try client.request(Self.read) }
    _ = try client.request(get("/v1/peering/hub"))
    let address = "127.0.0.1:\(upstream.port)"
    let query = ["audit", "query", "--csv", "--columns", "status,upstream,repeated"]
    #expect(
      try GateProcess.run(query + ["--upstream", "127.0.0.1:*", gate.auditPath]).output
        == "status,upstream,repeated\r\n200,\(address),\r\n200,\(address),1\r\n")
    #expect(try GateProcess.run(query + ["--upstream", "10.0.0.7:8501", gate.auditPath]).status == 1)
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", gate.auditPath]).output
    #expect(tail.split(separator: "\n").filter { $0.hasSuffix("(asked \(address), once more)") }.count == 1)
    let report = try GateProcess.run(["audit", "report", gate.auditPath]).output
    #expect(report.contains("Which Consul was asked"))
    #expect(
      report.contains(#/127\.0\.0\.1:\d+ +2xx +no +1 /#)
        && report.contains(#/127\.0\.0\.1:\d+ +2xx +yes +1 /#))
    #expect(gate.stop() == 0)
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }
}
