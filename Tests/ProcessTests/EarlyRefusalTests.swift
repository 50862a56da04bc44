// What the head of a request decides is answered at once: nobody is invited to send a body that nobody reads.

import Foundation
import Support
import Testing

@Suite struct EarlyRefusalTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{}") }
    gate = try GateProcess(upstream: upstream.address)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let line: String
    var fields = ""
    let status: Int
    var subject: String?
    var operation: String?
    var outcome = "refuse"
    var testDescription: String { "\(line) \(fields.prefix(20)) → \(status)" }
  }

  private static func token(_ secret: String) -> String { "X-Consul-Token: \(secret)\r\n" }

  static let cases = [
    Case(line: "POST /v1/nothing", status: 403, subject: "anonymous"),
    Case(line: "PUT /v1/kv/x", fields: token(Token.reader), status: 403, subject: "docs-reader"),
    Case(line: "PUT /v1/peering/token", fields: token(Token.owner), status: 405, subject: "docs-cluster-02"),
    Case(
      line: "POST /v1/peering/token?unknown=1", fields: token(Token.owner), status: 400,
      subject: "docs-cluster-02"),
    Case(
      line: "POST /v1/peering/token", fields: token(Token.owner) + "Authorization: Bearer other\r\n",
      status: 400),
    Case(
      line: "POST /v1/peering/token", fields: "X-Consul-Partition: NO\r\n" + token(Token.owner), status: 400,
      subject: "docs-cluster-02"),
    Case(
      line: "POST /v1/peering/token", fields: token("unknown"), status: 403, operation: "generate",
      outcome: "deny"),
    Case(
      line: "POST /v1/peering/establish", fields: token(Token.reader), status: 403, subject: "docs-reader",
      operation: "establish", outcome: "deny"),
    Case(
      line: "POST /v1/peering/token", status: 403, subject: "anonymous", operation: "generate",
      outcome: "deny"),
    Case(
      line: "POST /v1/peering/token?partition=other", fields: token(Token.owner), status: 403,
      subject: "docs-cluster-02", operation: "generate", outcome: "deny"),
    Case(
      line: "GET /v1/peering/cluster-01", fields: token(Token.reader), status: 400, subject: "docs-reader"),
    Case(
      line: "DELETE /v1/peering/cluster-02", fields: token(Token.owner), status: 400,
      subject: "docs-cluster-02"),
    Case(line: "OPTIONS /v1/peering/token", status: 200, outcome: "allow"),
  ]

  @Test(arguments: cases)
  func `who asks before it sends has its answer instead of an invitation`(one: Case) throws {
    for framing in ["Content-Length: 500000", "Transfer-Encoding: chunked"] {
      let before = try gate.audit().count
      let client = try gate.connect()
      try client.send(
        "\(one.line) HTTP/1.1\r\nHost: a\r\n\(one.fields)\(framing)\r\nExpect: 100-continue\r\n\r\n")
      let reply = try client.reply()
      #expect(reply.status == one.status, "\(reply.body)")
      // Nobody knows whether the body follows or the next request.
      #expect(reply["connection"] == "close")
      try? client.send(get("/v1/peering/smuggled", token: Token.administrator))
      #expect(try client.rest() == "")
      let lines = try gate.audit().dropFirst(before)
      let line = try #require(lines.first)
      #expect(lines.count == 1)
      #expect(line.stage == "OperationComplete")
      #expect(line.status == "\(one.status)")
      #expect(line.subject == one.subject)
      #expect(line.operation == one.operation)
      #expect(line.outcome == one.outcome)
    }
    #expect(upstream.requests.isEmpty)
  }

  @Test func `the sentence is Consul's`() throws {
    func body(_ fields: String) throws -> String {
      try gate.request(
        "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
      ).body
    }
    #expect(try body(Self.token("unknown")) == "ACL not found")
    #expect(
      try body(Self.token(Token.reader))
        == "Permission denied: token with AccessorID 'a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a03' lacks permission "
        + "'peering:write'")
    #expect(try body("").hasPrefix("Permission denied: anonymous token lacks permission 'peering:write'. "))
  }

  @Test func `an answer does not wait for the body, and the connection goes on behind it`() throws {
    let client = try gate.connect()
    let body = "{\"PeerName\":\"cluster-01\"}"
    let heads = [
      request(
        "POST", "/v1/peering/token", token: Token.reader, fields: "Content-Length: \(body.utf8.count)\r\n"),
      request("POST", "/v1/nothing", fields: "Content-Length: \(body.utf8.count)\r\n"),
      request("OPTIONS", "/v1/peering/token", fields: "Content-Length: \(body.utf8.count)\r\n"),
    ]
    for head in heads {
      try client.send(head)
      let early = try client.reply()
      #expect(early["connection"] == nil, "\(head)")
      try client.send(body)
      // In one piece as well, and with what follows.
      try client.send(head + body + get("/v1/peering/cluster-01", token: Token.reader))
      #expect(try client.reply().status == early.status)
      #expect(try client.reply().status == 200)
    }
    let chunked = request("POST", "/v1/nothing", fields: "Transfer-Encoding: chunked\r\n")
    try client.send(chunked)
    #expect(try client.reply().status == 403)
    try client.send("3\r\nGET\r\n0\r\n\r\n" + get("/v1/peering/cluster-01", token: Token.reader))
    #expect(try client.reply().status == 200)
    #expect(upstream.requests.count == heads.count + 1)
  }

  @Test func `no byte of a refused body is read as a request`() throws {
    let smuggled = get("/v1/peering/smuggled", token: Token.administrator)
    let client = try gate.connect()
    try client.send(
      request("POST", "/v1/nothing", fields: "Content-Length: \(smuggled.utf8.count)\r\n") + smuggled
        + get("/v1/peering/cluster-01", token: Token.reader))
    #expect(try client.reply().status == 403)
    #expect(try client.reply().status == 200)
    #expect(upstream.requests.map(\.target) == ["/v1/peering/cluster-01"])
    // Broken chunks have no end behind which another could begin.
    let broken = try gate.connect()
    try broken.send(
      request("POST", "/v1/nothing", fields: "Transfer-Encoding: chunked\r\n") + "zz\r\n" + smuggled)
    #expect(try broken.reply().status == 403)
    #expect(try broken.rest() == "")
    // A chunked body where none belongs is not known to be one before its first byte.
    let odd = try gate.connect()
    try odd.send(
      request("GET", "/v1/peering/cluster-01", token: Token.reader, fields: "Transfer-Encoding: chunked\r\n")
        + "40\r\n" + smuggled)
    let reply = try odd.reply()
    #expect(reply.status == 400)
    #expect(reply["connection"] == "close")
    #expect(try odd.rest() == "")
    #expect(upstream.requests.count == 1)
  }
}
