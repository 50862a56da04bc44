// What the record says of requests that never became one of the five, and by which name it calls them.

import Foundation
import Support
import Testing

@Suite struct RefusedRequestTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("[]") }
    gate = try GateProcess(upstream: upstream.address)
  }

  /// The payload of the one line that `text` leaves.
  private func record(of text: String) throws -> [String: Any] {
    let before = try gate.audit().count
    _ = try? gate.request(text)
    #expect(try eventually { try gate.audit().count == before + 1 })
    let line = try #require(try gate.audit().last)
    let object = try JSONSerialization.jsonObject(with: Data(line.text.utf8)) as? [String: Any]
    return try #require(object?["payload"] as? [String: Any])
  }

  private func request(in payload: [String: Any]) -> [String: Any] {
    payload["request"] as? [String: Any] ?? [:]
  }

  @Test func `what was wrong is said, with the raw path and without the query`() throws {
    let payload = try record(of: get("/v1/peering/%2e%2e/kv?token=abcdefgh"))
    #expect(request(in: payload)["endpoint"] as? String == "/v1/peering/%2e%2e/kv")
    #expect((payload["reason"] as? String)?.contains("is not a valid peer name") == true)
    #expect((payload["decision"] as? [String: Any])?["outcome"] as? String == "refuse")
    #expect(payload["peering"] == nil)
    #expect(upstream.requests.isEmpty)
  }

  @Test func `what is no HTTP has its reason, and nothing is made up about it`() throws {
    for text in ["GET /v1/peerings HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}nonsense\r\n\r\n"] {
      let payload = try record(of: text)
      #expect(request(in: payload)["operation"] as? String == "")
      #expect(request(in: payload)["endpoint"] as? String == "")
      #expect((payload["reason"] as? String)?.hasPrefix("request: ") == true)
    }
  }

  @Test func `everything of the client's is cut and quoted`() throws {
    let long = String(repeating: "a", count: 3_000)
    let agent = "\"},\"seq\":1\t\u{FC}" + String(repeating: "b", count: 400)
    let payload = try record(of: "\(long) /\(long) HTTP/1.1\r\nHost: a\r\nUser-Agent: \(agent)\r\n\r\n")
    let request = request(in: payload)
    for name in ["operation", "endpoint", "user_agent"] {
      let text = try #require(request[name] as? String)
      #expect(text.hasSuffix(" bytes)"), "\(name)")
      #expect(text.utf8.count < 600 && text.utf8.allSatisfy { 0x20..<0x7F ~= $0 }, "\(name)")
    }
    #expect((payload["reason"] as? String).map { $0.utf8.count < 600 } == true)
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }

  @Test func `whose token came with it is said, if it is one of ours`() throws {
    func caller(_ text: String) throws -> String? {
      (try record(of: text)["auth"] as? [String: Any])?["description"] as? String
    }
    #expect(try caller(get("/v1/kv/secret", token: Token.reader)) == "docs-reader")
    #expect(try caller(get("/v1/peerings?index=x", token: Token.reader)) == "docs-reader")
    #expect(try caller(get("/v1/kv/secret")) == "anonymous")
    #expect(try caller(get("/v1/kv/secret", token: "unknown")) == nil)
    #expect(try caller(get("/v1/kv/secret", token: "a b")) == nil)
  }

  @Test(arguments: [
    ("X-Request-Id: mine-1\r\n", "mine-1"),
    ("Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n", nil),
    ("X-Request-Id: \"},{\"\r\n", nil), ("X-Request-Id: a\r\nX-Request-Id: b\r\n", nil), ("", nil),
  ])
  func `the name of a request is the same in the answer, in its records and to Consul`(
    fields: String, name: String?
  ) throws {
    let text = Self.delete(fields)
    let reply = try gate.request(text)
    let id = try #require(reply["x-request-id"])
    #expect(name == nil ? !id.isEmpty && !["a", "b"].contains(id) : id == name)
    let records = try gate.audit().suffix(2)
    #expect(records.map(\.shownID) == [id, id])
    #expect(records.map(\.requestID) == [name, name])
    // The gate's own name joins both, and is nobody else's.
    #expect(Set(records.map(\.id)).count == 1 && (name == nil || records.last?.id != name))
    let isTraced = fields.hasPrefix("Traceparent")
    #expect(records.last?.traceID == (isTraced ? "4bf92f3577b34da6a3ce929d0e0e4736" : nil))
    #expect(upstream.requests.last?["x-request-id"] == id)
  }

  private static func delete(_ fields: String) -> String {
    ProcessTests.request("DELETE", "/v1/peering/hub", token: Token.administrator, fields: fields)
  }
}
