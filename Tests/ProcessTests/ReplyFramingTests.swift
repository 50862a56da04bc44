// Consul's replies in every framing that HTTP/1.1 has, each arriving whole and alike.

import Support
import Testing

@Suite struct ReplyFramingTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  private func relay(_ answer: RecordingUpstream.Answer, _ text: String = Self.read) throws -> RawReply {
    let upstream = try RecordingUpstream { _ in answer }
    return try GateProcess(upstream: upstream.address).request(text)
  }

  @Test func `interim replies are read over`() throws {
    let reply = try relay(
      .bytes(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
          + "HTTP/1.1 200 OK\r\nX-Consul-Index: 9\r\nContent-Length: 5\r\n\r\n[1,2]"))
    #expect(reply.status == 200)
    #expect(reply.body == "[1,2]")
    #expect(reply["x-consul-index"] == "9")
    #expect(reply["link"] == nil)
  }

  @Test func `a body that ends with the connection`() throws {
    let reply = try relay(.last("HTTP/1.1 200 OK\r\nX-Consul-Index: 9\r\n\r\n[1,2]"))
    #expect(reply.body == "[1,2]")
    #expect(reply["content-length"] == "5")
    #expect(reply["connection"] == nil, "Consul's connection ended, not the client's")
  }

  @Test func `a reply of HTTP/1.0`() throws {
    let reply = try relay(.last("HTTP/1.0 200 OK\r\n\r\n[1,2]"))
    #expect(reply.status == 200)
    #expect(reply.body == "[1,2]")
  }

  @Test func `a chunked body, its extensions and its trailer`() throws {
    let reply = try relay(
      .bytes(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n"
          + "2;name=value\r\n[1\r\n003\r\n,2]\r\n0\r\nX-Checksum: 1\r\n\r\n"))
    #expect(reply.body == "[1,2]")
    #expect(reply["content-length"] == "5")
    #expect(reply["transfer-encoding"] == nil)
    #expect(reply["x-checksum"] == nil)
    #expect(reply["trailer"] == nil)
  }

  @Test func `a chunked list is filtered like any other`() throws {
    let names = list(["cluster-01", "billing"])
    let cut = names.index(names.startIndex, offsetBy: 30)
    let chunks = [names[..<cut], names[cut...]].map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }
    let reply = try relay(
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks.joined())0\r\n\r\n"),
      get("/v1/peerings", token: Token.reader))
    #expect(reply.body == list(["cluster-01"]))
    #expect(reply["x-consul-results-filtered-by-acls"] == "true")
  }

  @Test func `replies without a body`() throws {
    // Nothing is asked under a condition, so 304 is no answer; but where it ends is known.
    for (status, expected) in [("204 No Content", 204), ("304 Not Modified", 502)] {
      let upstream = try RecordingUpstream { _ in .bytes("HTTP/1.1 \(status)\r\nX-Consul-Index: 9\r\n\r\n") }
      let gate = try GateProcess(upstream: upstream.address)
      let client = try gate.connect()
      for _ in 0..<2 {
        let reply = try client.request(request("DELETE", "/v1/peering/hub", token: Token.administrator))
        #expect(reply.status == expected)
        #expect((reply["content-length"] == nil) == (expected == 204))
        #expect(reply.body.isEmpty == (expected == 204))
      }
      #expect(upstream.requests.map(\.connection) == [0, 0])
    }
  }

  @Test func `an empty reply`() throws {
    let reply = try relay(.bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    #expect(reply.status == 200)
    #expect(reply["content-length"] == "0")
  }

  @Test func `only the fields that are Consul's answer are relayed`() throws {
    let kept = [
      "content-type: application/json", "vary: Accept-Encoding", "x-consul-index: 9",
      "x-consul-knownleader: true", "x-consul-lastcontact: 0", "x-consul-default-acl-policy: deny",
    ]
    let dropped = [
      "set-cookie: a=b", "server: x", "keep-alive: timeout=5", "proxy-authenticate: Basic",
      "connection: x-hop",
      "x-hop: 1", "x-request-id: theirs", "x-consul-token: secret", "date: Thu, 01 Jan 1970 00:00:00 GMT",
      "x-consul-results-filtered-by-acls: true", "content-encoding: identity", "location: /elsewhere",
    ]
    let fields = (kept + dropped).joined(separator: "\r\n")
    let reply = try relay(.bytes("HTTP/1.1 200 OK\r\n\(fields)\r\nContent-Length: 2\r\n\r\n{}"))
    let arrived = Set(reply.fields.map { "\($0.name): \($0.value)" })
    #expect(arrived.isSuperset(of: kept))
    #expect(arrived.isDisjoint(with: dropped))
    #expect(
      Set(reply.fields.map(\.name)).subtracting(kept.map { String($0.prefix { $0 != ":" }) })
        == ["cache-control", "content-length", "date", "x-request-id"])
    #expect(reply["cache-control"] == "no-store")
  }
}
