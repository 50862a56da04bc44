// Consul down, slow, or talking nonsense: one sentence, one record, and nothing of the nonsense.

import Support
import Testing

@Suite struct ConsulFaultTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  private func expect(
    _ status: Int, from upstream: RecordingUpstream, limits: String = "", reason: String,
    _ comment: Comment? = nil
  ) throws {
    let gate = try GateProcess(upstream: upstream.address, more: "limits { \(limits) }")
    let reply = try gate.request(Self.read)
    #expect(reply.status == status, comment)
    #expect(reply["content-type"] == "text/plain; charset=utf-8", comment)
    #expect(reply.body.hasPrefix("Consul"), comment)
    // The client has done nothing wrong: its connection goes on.
    #expect(reply["connection"] == nil, comment)
    let line = try #require(try gate.audit().last)
    #expect(line.status == String(status), comment)
    #expect(line.outcome == "allow", comment)
    #expect(line.reason?.contains(reason) == true, "\(line.reason ?? "no reason")")
  }

  @Test func `a Consul that is not there is 502`() throws {
    let upstream = try RecordingUpstream { _ in .close }
    upstream.stop()
    try expect(502, from: upstream, reason: "connect")
  }

  @Test func `a Consul that takes the request and is silent is 504, and its connection is ended`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    try expect(504, from: upstream, limits: "upstream_head_timeout = \"300ms\"", reason: "head")
    #expect(eventually { upstream.departed == 1 })
    #expect(upstream.requests.count == 1)
  }

  @Test func `a reply that stops in the middle is 504`() throws {
    let upstream = try RecordingUpstream { _ in
      .silence("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
    }
    try expect(504, from: upstream, limits: "upstream_pause_timeout = \"300ms\"", reason: "body")
    #expect(eventually { upstream.departed == 1 })
  }

  static let nonsense: [(String, what: String)] = [
    ("", "closed"),
    ("HTTP/1.1 200 OK\r\nContent-Le", "closed"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"", "closed"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"", "closed"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "closed"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "chunk size"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", "both"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "more than once"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}", "Content-Length"),
    ("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", "Content-Length"),
    ("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", "line feed"),
    ("HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\n{}", "carriage return"),
    ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}", "blank"),
    ("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}", "blank"),
    ("HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}", "status line"),
    ("HTTP/1.1 999 OK\r\nContent-Length: 2\r\n\r\n{}", "status line"),
    ("HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\n{}", ""),
    ("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/2.0"),
    ("SSH-2.0-OpenSSH_9.2\r\n", ""),
    ("{\"a\":1}", "closed"),
    (
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello",
      "switches protocols"
    ),
  ]

  @Test func `a reply that breaks the grammar is 502, and nothing of it is passed on`() throws {
    let upstream = try RecordingUpstream { received in
      // The request says which one it wants.
      let number = Int(received.target.dropFirst("/v1/peering/n".count)) ?? 0
      return .last(Self.nonsense[number].0)
    }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for (number, (text, what)) in Self.nonsense.enumerated() {
      let reply = try client.request(get("/v1/peering/n\(number)", token: Token.administrator))
      #expect(reply.status == 502, "\(text)")
      #expect(reply.body == "Consul's reply was broken off or malformed", "\(text)")
      let reason = try #require(try gate.audit().last?.reason)
      #expect(reason.contains(what), "\(text): \(reason)")
    }
    // A read whose connection ends is asked again only if the connection was an old one.
    #expect(upstream.requests.count == Self.nonsense.count)
  }

  @Test func `a reply up to the limit passes, one byte more is 502`() throws {
    let limit = 65_536
    let upstream = try RecordingUpstream { received in
      let length = received.target.hasSuffix("over") ? limit + 1 : limit
      let content = String(repeating: "1", count: length)
      switch received.target.dropFirst("/v1/peering/".count).prefix(1) {
      case "l": return .bytes("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" + content)
      case "c":
        return .bytes(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n\(String(length - 1, radix: 16))\r\n"
            + content.dropFirst() + "\r\n0\r\n\r\n")
      default: return .last("HTTP/1.1 200 OK\r\n\r\n" + content)
      }
    }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { reply_bytes = \(limit) }")
    for framing in ["length", "chunked", "until-close"] {
      let whole = try gate.request(get("/v1/peering/\(framing)", token: Token.administrator))
      #expect(whole.status == 200, "\(framing)")
      #expect(whole.body.utf8.count == limit, "\(framing)")
      let over = try gate.request(get("/v1/peering/\(framing)-over", token: Token.administrator))
      #expect(over.status == 502, "\(framing)")
    }
  }
}
