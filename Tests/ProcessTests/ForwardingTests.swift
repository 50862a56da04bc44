// What Consul receives of an allowed request, and that it receives nothing of any other.

import Support
import Testing

@Suite struct ForwardingTests {
  @Test func `Consul receives the canonical request and not a byte besides`() throws {
    let upstream = try RecordingUpstream { _ in .json("{\"PeeringToken\":\"secret-of-the-peering\"}") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let reply = try gate.request(
      request(
        "POST", "/v1/peering/token?dc=dc1&ns=default", token: Token.administrator,
        fields: "User-Agent: tester/1\r\nX-Forwarded-For: 6.6.6.6\r\nCookie: a=b\r\nX-Request-Id: mine-1\r\n"
          + "Accept-Encoding: gzip\r\nX-Injected: yes\r\nTransfer-Hint: x\r\n",
        body: "{ \"Meta\": {\"b\":\"2\",\"a\":\"1\"},\n\"PeerName\" : \"hub\" }\n"))
    #expect(reply.status == 200)
    #expect(reply["x-request-id"] == "mine-1")
    let received = try #require(upstream.requests.first)
    let body = "{\"PeerName\":\"hub\",\"Meta\":{\"a\":\"1\",\"b\":\"2\"}}"
    #expect(
      received.text == """
        POST /v1/peering/token HTTP/1.1\r
        Host: 127.0.0.1:\(upstream.port)\r
        Accept: application/json\r
        Accept-Encoding: identity\r
        X-Consul-Token: \(Token.administrator)\r
        User-Agent: tester/1\r
        X-Forwarded-For: 127.0.0.1\r
        X-Request-Id: mine-1\r
        Content-Type: application/json\r
        Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """)
  }

  @Test func `nothing reaches Consul that was not allowed`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let cases: [(String, Int)] = [
      (get("/v1/peerings"), 403),
      (get("/v1/peerings", token: "not-a-token-of-ours"), 403),
      (get("/v1/peering/hub", token: Token.reader), 403),
      (request("DELETE", "/v1/peering/cluster-01", token: Token.reader), 403),
      (request("POST", "/v1/peering/token", token: Token.owner, body: "{\"PeerName\":\"cluster-01\"}"), 403),
      (get("/v1/kv/secret", token: Token.administrator), 403),
      (get("/v1/peerings/", token: Token.administrator), 403),
      (get("//v1/peerings", token: Token.administrator), 403),
      (get("/v1/peering/CLUSTER-01", token: Token.administrator), 400),
      (get("/v1/peering/cluster%2D01", token: Token.administrator), 400),
      (get("/v1/peering/a/../b", token: Token.administrator), 400),
      (get("/v1/peerings?token=\(Token.administrator)"), 400),
      (get("/v1/peerings?index=abc", token: Token.administrator), 400),
      (get("/v1/peering/token", token: Token.administrator), 405),
      (request("PUT", "/v1/peering/hub", token: Token.administrator), 405),
      (request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"peername\":\"hub\"}"), 400),
      (
        request(
          "POST", "/v1/peering/token", token: Token.administrator,
          body: "{\"PeerName\":\"cluster-02\",\"PeerName\":\"hub\"}"), 400
      ),
    ]
    for (text, status) in cases {
      let reply = try gate.request(text)
      #expect(reply.status == status, "\(text.prefix(60)): \(reply.body)")
      #expect(!reply.body.isEmpty, "\(text.prefix(60)) is refused without a word")
    }
    #expect(upstream.requests.isEmpty)
    #expect(try gate.audit().map(\.status) == cases.map { String($0.1) })
  }

  @Test func `a request without a credential reaches Consul as the anonymous token`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(
      upstream: "http://127.0.0.1:\(upstream.port)",
      policies: "policy \"all\" { peering = \"read\" }\nanonymous { policies = [\"all\"] }")
    #expect(try gate.request(get("/v1/peerings")).status == 200)
    #expect(try gate.request(get("/v1/peerings", fields: "X-Consul-Token:\r\n")).status == 200)
    #expect(upstream.requests.map { $0["x-consul-token"] } == ["anonymous", "anonymous"])
  }

  @Test func `in exchange mode Consul sees the gate's own token and never the client's`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let secrets = try ScratchFolder()
    let file = try secrets.write("token", " the-gate-s-own-secret\n")
    let gate = try GateProcess(
      upstream: "address = \"http://127.0.0.1:\(upstream.port)\"  token_file = \"\(file)\"")
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    #expect(upstream.requests.map { $0["x-consul-token"] } == ["the-gate-s-own-secret"])
    #expect(!upstream.requests[0].text.contains(Token.administrator))
  }

  @Test func `Consul's own refusals pass unchanged`() throws {
    let upstream = try RecordingUpstream { _ in
      .bytes(
        "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 17\r\n"
          + "X-Consul-Default-Acl-Policy: deny\r\nSet-Cookie: no\r\n\r\nNo cluster leader")
    }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let reply = try gate.request(get("/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == 500)
    #expect(reply.body == "No cluster leader")
    #expect(reply["x-consul-default-acl-policy"] == "deny")
    #expect(reply["set-cookie"] == nil)
  }
}
