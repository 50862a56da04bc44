// What is not HTTP/1.1 as we read it: its status, a sentence, the end of the connection, and a record.

import Support
import Testing

@Suite struct MalformedRequestTests {
  private static let line = "GET /v1/peerings HTTP/1.1\r\n"
  private static let host = "Host: localhost\r\n"
  private static let post = "POST /v1/peering/token HTTP/1.1\r\n" + host
  private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

  static let startLines: [(String, Int)] = [
    ("GET /v1/peerings HTTP/1.1\n\(host)\r\n", 400),
    ("GET /v1/peerings HTTP/1.1\r\r\n\(host)\r\n", 400),
    ("GET  /v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peerings  HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peerings HTTP/1.1 \r\n\(host)\r\n", 400),
    (" GET /v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("\r\n\r\nGET /v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET\t/v1/peerings\tHTTP/1.1\r\n\(host)\r\n", 400),
    ("G@T /v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peerings\r\n\(host)\r\n", 400),
    ("GET v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET * HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET https://localhost/v1/peerings HTTP/1.1\r\n\(host)\r\n", 400),
    ("CONNECT localhost:8500 HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peering/a b HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peering/a\u{1}b HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peering/a#b HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peering/a%2 HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peering/ä HTTP/1.1\r\n\(host)\r\n", 400),
    ("GET /v1/peerings HTTP/1.2\r\n\(host)\r\n", 505),
    ("GET /v1/peerings HTTP/2.0\r\n\(host)\r\n", 505),
    ("GET /v1/peerings HTTP/0.9\r\n\(host)\r\n", 505),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("GET /v1/peerings HTTP/1\r\n\(host)\r\n", 400),
    ("GET /v1/peerings http/1.1\r\n\(host)\r\n", 400),
    ("nonsense\r\n\r\n", 400),
  ]

  static let fields: [(String, Int)] = [
    (line + "\r\n", 400),
    (line + host + host + "\r\n", 400),
    (line + "Host:\r\n\r\n", 400),
    (line + "Host: a b\r\n\r\n", 400),
    (line + "Host: http://localhost\r\n\r\n", 400),
    (line + "Host: localhost\n\r\n", 400),
    (line + host + "X: a\rb\r\n\r\n", 400),
    (line + host + "X: a\u{0}b\r\n\r\n", 400),
    (line + host + "X: a\u{7F}b\r\n\r\n", 400),
    (line + host + "X: a\r\n b\r\n\r\n", 400),
    (line + " X: a\r\n" + host + "\r\n", 400),
    (line + host + "X : a\r\n\r\n", 400),
    (line + host + "X\r\n\r\n", 400),
    (line + host + ": a\r\n\r\n", 400),
    (line + host + "X(y): a\r\n\r\n", 400),
    (line + host + "Upgrade: websocket\r\nConnection: upgrade\r\n\r\n", 501),
    (line + host + "Upgrade: h2c\r\n\r\n", 501),
    (line + host + "Connection: a b\r\n\r\n", 400),
    (line + host + "Expect: 200-ok\r\n\r\n", 417),
  ]

  static let framing: [(String, Int)] = [
    (post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    (post + "Content-Length: 2, 2\r\n\r\n{}", 400),
    (post + "Content-Length: +2\r\n\r\n{}", 400),
    (post + "Content-Length: -2\r\n\r\n{}", 400),
    (post + "Content-Length: 0x2\r\n\r\n{}", 400),
    (post + "Content-Length: 02\r\n\r\n{}", 400),
    (post + "Content-Length: two\r\n\r\n{}", 400),
    (post + "Content-Length:\r\n\r\n{}", 400),
    (post + "Content-Length: 9999999999999999999\r\n\r\n{}", 400),
    (post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (post + "Transfer-Encoding: identity\r\n\r\n{}", 501),
    (post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    (post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (post + "Transfer-Encoding:\r\n\r\n0\r\n\r\n", 400),
    ("POST /v1/peering/token HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (chunked + "x\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "-2\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2 \r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2\r\n{}0\r\n\r\n", 400),
    (chunked + "00000000000000002\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2;=\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2;a=\(String(repeating: "x", count: 300))\r\n{}\r\n0\r\n\r\n", 400),
    (chunked + "2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n", 400),
    (chunked + "2\r\n{}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (chunked + "2\r\n{}\r\n0\r\nX-Consul-Token: a\r\n\r\n", 400),
    (chunked + "2\r\n{}\r\n0\r\nX: a\n\r\n", 400),
  ]

  @Test(arguments: [startLines, fields, framing])
  func `it is refused, answered, closed and recorded`(cases: [(String, Int)]) throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(
      upstream: upstream.address,
      policies: "policy \"all\" { peering = \"write\" }\nanonymous { policies = [\"all\"] }",
      auditMore: GateProcess.everyRefusal)
    for (text, status) in cases {
      let shown = text.prefix(120).debugDescription
      let client = try gate.connect()
      // What follows would be another request to a careless reader.
      try client.send(text + get("/v1/peerings"))
      let reply = try client.reply()
      #expect(reply.status == status, "\(shown): \(reply.body)")
      #expect(reply["connection"] == "close", "\(shown)")
      #expect(reply.body.split(separator: " ").count > 2, "\(shown) is refused without a sentence")
      #expect(reply["content-type"] == "text/plain; charset=utf-8")
      #expect(try client.rest().isEmpty, "\(shown): the connection went on")
      let line = try #require(try gate.audit().last)
      #expect(line.shownID == reply["x-request-id"], "\(shown)")
      #expect(line.status == String(status), "\(shown)")
      #expect(line.outcome == "refuse", "\(shown)")
      #expect(line.reason?.isEmpty == false, "\(shown)")
    }
    #expect(try gate.audit().count == cases.count)
    #expect(upstream.requests.isEmpty)
  }
}
