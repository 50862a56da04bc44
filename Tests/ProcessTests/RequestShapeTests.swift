// Requests as real clients shape them, and what is served up to which limit.

import Support
import Testing

@Suite struct RequestShapeTests {
  private static let body = "{\"PeerName\":\"cluster-02\"}"

  /// Answers with what it was asked.
  private func echo() throws -> RecordingUpstream {
    try RecordingUpstream { received in
      let text = "\"\(received.method) \(received.target) \(received.body.utf8.count)\""
      // A read is about the peering that was asked for.
      return .json(received.method == "GET" ? "{\"Name\":\"\(received.name)\",\"Echo\":\(text)}" : text)
    }
  }

  @Test func `pipelined requests are answered in order, refused ones among them`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    let names = (0..<20).map { "cluster-\($0)" }
    try client.send(
      names.map { get("/v1/peering/\($0)", token: Token.reader, fields: "X-Request-Id: \($0)\r\n") }.joined()
        + get("/v1/peering/hub", token: Token.reader)
        + request("POST", "/v1/peering/token", token: Token.owner, body: Self.body)
        + request("DELETE", "/v1/peering/cluster-02", token: Token.owner))
    for name in names {
      let reply = try client.reply()
      #expect(reply["x-request-id"] == name)
      #expect(reply.body == "{\"Name\":\"\(name)\",\"Echo\":\"GET /v1/peering/\(name) 0\"}")
    }
    #expect(try client.reply().status == 403)
    #expect(try client.reply().body == "\"POST /v1/peering/token \(Self.body.utf8.count)\"")
    let deletion = try client.reply()
    #expect(deletion.status == 200 && deletion.body.isEmpty)
    #expect(upstream.requests.last?.method == "DELETE")
    #expect(Set(upstream.requests.map(\.connection)) == [0])
    let answers = try gate.audit().filter { $0.stage == "OperationComplete" }
    #expect(answers.map(\.shownID).prefix(20) == names[...])
  }

  @Test func `requests after one that is malformed are not answered`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    try client.send(
      get("/v1/peering/cluster-1", token: Token.reader) + "bad\r\n\r\n"
        + get("/v1/peering/cluster-2", token: Token.reader))
    #expect(try client.reply().status == 200)
    #expect(try client.reply().status == 400)
    #expect(try client.rest().isEmpty)
    #expect(upstream.requests.count == 1)
  }

  @Test func `a client that waits for 100 gets it, and then its answer`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    let head =
      "POST /v1/peering/token HTTP/1.1\r\nHost: localhost\r\nX-Consul-Token: \(Token.owner)\r\n"
      + "Expect: 100-continue\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n"
    try client.send(head)
    #expect(try client.wait(for: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
    try client.send(Self.body)
    #expect(try client.reply().status == 200)
    // Who does not wait is not told; interim replies would be read over.
    try client.send(head + Self.body)
    #expect(try client.wait(for: "\r\n").hasPrefix("HTTP/1.1 200"))
    #expect(!(upstream.requests[0].text + upstream.requests[1].text).contains("100-continue"))
  }

  @Test func `a body that cannot be taken is not asked for`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address, more: "limits { body_bytes = 2048 }")
    let client = try gate.connect()
    try client.send(
      "POST /v1/peering/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2049\r\n\r\n"
    )
    #expect(try client.wait(for: "\r\n").hasPrefix("HTTP/1.1 413"))
  }

  @Test func `HTTP/1.0 is answered, and kept alive only when asked for`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    let fields = "X-Consul-Token: \(Token.reader)\r\n"
    for _ in 0..<2 {
      let kept = try client.request(
        "GET /v1/peering/cluster-1 HTTP/1.0\r\n\(fields)Connection: keep-alive\r\n\r\n")
      #expect(kept.status == 200)
      #expect(kept["connection"] == "keep-alive")
      #expect(kept["transfer-encoding"] == nil)
    }
    let last = try client.request("GET /v1/peering/cluster-1 HTTP/1.0\r\n\(fields)\r\n")
    #expect(last.status == 200)
    #expect(last["connection"] == "close")
    #expect(try client.rest().isEmpty)
  }

  @Test(arguments: ["close", "Close", "keep-alive, close", "x-hop,close"])
  func `Connection close ends it after the answer`(option: String) throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    try client.send(
      get("/v1/peering/cluster-1", token: Token.reader, fields: "Connection: \(option)\r\n")
        + get("/v1/peering/cluster-2", token: Token.reader))
    let reply = try client.reply()
    #expect(reply.status == 200)
    #expect(reply["connection"] == "close")
    #expect(try client.rest().isEmpty)
    #expect(upstream.requests.count == 1)
  }

  @Test func `a chunked body arrives with its length`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    let chunks = Self.body.map { "1;ext=\"v\"\r\n\($0)\r\n" }.joined()
    for trailer in ["", "X-Checksum: 1\r\n"] {
      let reply = try client.request(
        "POST /v1/peering/token HTTP/1.1\r\nHost: localhost\r\nX-Consul-Token: \(Token.owner)\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\(trailer)\r\n")
      #expect(reply.status == 200)
    }
    for received in upstream.requests {
      #expect(received.body == Self.body)
      #expect(received["transfer-encoding"] == nil)
      #expect(received["x-checksum"] == nil)
    }
  }

  @Test func `one empty line before a request is read over, and HEAD and OPTIONS are answered`() throws {
    let upstream = try echo()
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    #expect(try client.request("\r\n" + get("/v1/peering/cluster-1", token: Token.reader)).status == 200)
    let head = try client.request(request("HEAD", "/v1/peerings", token: Token.reader))
    #expect(head.status == 405)
    #expect(head["allow"] == "OPTIONS,GET")
    let options = try client.request(request("OPTIONS", "/v1/peering/cluster-1"))
    #expect(options.status == 200)
    #expect(options["allow"] == "OPTIONS,GET,DELETE")
    #expect(upstream.requests.count == 1)
  }
}
