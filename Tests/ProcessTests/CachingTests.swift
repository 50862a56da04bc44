// No cache may keep an answer, and clients find on all of them what they read on Consul's.

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
}
