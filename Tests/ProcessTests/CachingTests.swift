// No cache may keep an answer, and clients find on all of them what they read on Consul's.

import HTTP
import Support
import Testing

@Suite struct CachingTests {
  private func fields(_ reply: RawReply, _ name: String) -> [String] {
    reply.fields.filter { $0.name == name }.map(\.value)
  }

  @Test(arguments: ["public, max-age=600", "no-cache", "private", ""])
  func `what Consul says of caches does not count`(control: String) throws {
    let upstream = try RecordingUpstream { _ in
      .json(
        "[]",
        fields: "\(control.isEmpty ? "" : "Cache-Control: \(control)\r\n")Vary: Accept-Encoding\r\n"
          + "X-Consul-Default-Acl-Policy: allow\r\nExpires: Thu, 01 Jan 2099 00:00:00 GMT\r\n")
    }
    let gate = try GateProcess(upstream: upstream.address)
    for target in ["/v1/peering/hub", "/v1/peerings"] {
      let reply = try gate.request(get(target, token: Token.administrator))
      #expect(reply.status == 200)
      #expect(fields(reply, "cache-control") == ["no-store"])
      #expect(fields(reply, "vary") == ["Accept-Encoding"])
      #expect(fields(reply, "x-consul-default-acl-policy") == ["allow"])
      #expect(reply["expires"] == nil)
    }
  }

  @Test func `the gate's own answers have what Consul's have`() throws {
    let upstream = try RecordingUpstream { request in
      request.target.hasSuffix("missing")
        ? .bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") : .close
    }
    let gate = try GateProcess(upstream: upstream.address)
    let requests = [
      (200, request("OPTIONS", "/v1/peerings")), (400, get("/v1/peerings?x=y")), (400, "nonsense\r\n\r\n"),
      (403, get("/v1/peerings")), (403, get("/v1/nothing")), (403, get("/v1/peering/hub", token: "unknown")),
      (405, request("PUT", "/v1/peerings")),
      (413, request("POST", "/v1/peering/token", fields: "Content-Length: 9999999\r\n")),
      (417, get("/v1/peerings", fields: "Expect: miracles\r\n")),
      (502, get("/v1/peering/hub", token: Token.administrator)),
    ]
    for (status, text) in requests {
      let reply = try gate.request(text)
      #expect(reply.status == status, "\(text)")
      #expect(fields(reply, "cache-control") == ["no-store"], "\(text)")
      #expect(fields(reply, "vary") == ["Accept-Encoding"], "\(text)")
      #expect(fields(reply, "x-consul-default-acl-policy") == ["deny"], "\(text)")
    }
    // Nothing is put into Consul's mouth.
    let missing = try gate.request(get("/v1/peering/missing", token: Token.administrator))
    #expect(missing.status == 404)
    #expect(fields(missing, "cache-control") == ["no-store"])
    #expect(missing["vary"] == nil && missing["x-consul-default-acl-policy"] == nil)
  }

  private func expectOwn(_ status: Int, _ reply: RawReply, _ comment: Comment) {
    #expect(reply.status == status, comment)
    #expect(fields(reply, "cache-control") == ["no-store"], comment)
    #expect(fields(reply, "vary") == ["Accept-Encoding"], comment)
    #expect(fields(reply, "x-consul-default-acl-policy") == ["deny"], comment)
  }

  @Test func `what is no request, or none that is finished, is answered so as well`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(
      upstream: upstream.address,
      more:
        "limits { request_timeout = \"300ms\"  upstream_head_timeout = \"300ms\"  upstream_connections = 8 }")
    let post = "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.administrator)\r\n"
    let cases: [(Int, String)] = [
      (408, "GET /v1/peerings HTTP/1.1\r\nHost"), (408, post + "Content-Length: 9\r\n\r\n{"),
      (408, post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{"), (400, "GET /v1/peerings HTTP/1.1\r\n\r\n"),
      (400, post + "Transfer-Encoding: chunked\r\n\r\nx\r\n"), (400, post + "Content-Length: 1, 1\r\n\r\n"),
      (400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
      (400, "GET / HTTP/1.1\nHost: a\n\n"),
      (400, "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n"), (400, get("/v1/peerings", fields: "A : b\r\n")),
      (414, get("/" + String(repeating: "a", count: 70_000))),
      (431, get("/v1/peerings", fields: "A: " + String(repeating: "a", count: 70_000) + "\r\n")),
      (501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n"), (505, "GET / HTTP/3.0\r\n\r\n"),
      (501, get("/v1/peerings", fields: "Connection: upgrade\r\nUpgrade: h2c\r\n")),
      (504, get("/v1/peering/hub", token: Token.administrator)),
      (200, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
      (200, request("OPTIONS", "/v1/peering/hub")), (405, "HEAD /v1/peerings HTTP/1.1\r\nHost: a\r\n\r\n"),
      (400, get("/v1/peerings?a", token: Token.administrator)), (403, get("/v1/peerings", token: "a")),
    ]
    for (status, text) in cases {
      let client = try gate.connect()
      try client.send(text)
      let reply = try client.reply(to: text.hasPrefix("HEAD") ? .head : .get)
      if text.hasPrefix("OPTIONS *") {
        expectOwn(reply.status, reply, "\(text.prefix(80))")
      } else {
        expectOwn(status, reply, "\(text.prefix(80))")
      }
    }
  }

  @Test func `so is 429`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { upstream_connections = 8 }")
    let query = get("/v1/peerings?index=7&wait=600s", token: Token.administrator)
    let waiting = try (0..<3).map { _ in try gate.connect() }
    for client in waiting { try client.send(query) }
    #expect(eventually { upstream.requests.count == 3 })
    let refused = try gate.request(query)
    expectOwn(429, refused, "a share")
    #expect(refused["retry-after"] == "1")
  }
}
