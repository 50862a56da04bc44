// An early answer reaches a client that is still sending: RFC 9112 9.6.

import Foundation
import Support
import Testing

@Suite struct LingeringCloseTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{}") }
    gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
  }

  private static let mebibyte = String(repeating: "x", count: 1 << 20)

  /// Heads whose answer is an early one, and how much their clients send all the same.
  static let heads = [
    (
      request("POST", "/v1/peering/token", token: Token.administrator, fields: "Content-Length: 8388608\r\n"),
      413
    ),
    (request("POST", "/v1/peering/token", fields: "Content-Length: 1048576\r\n"), 403),
    (request("POST", "/v1/nothing", token: Token.reader, fields: "Content-Length: 1048576\r\n"), 403),
    (request("PUT", "/v1/peering/token", fields: "Content-Length: 1048576\r\n"), 405),
    (request("POST", "/v1/peering/token?x=y", fields: "Content-Length: 1048576\r\n"), 400),
    ("BREW /v1/peering/token HTTP/9.9\r\nContent-Length: 1048576\r\n\r\n", 505),
  ]

  @Test(arguments: heads)
  func `twenty of twenty that send all before they read have the answer`(head: String, status: Int) throws {
    for _ in 0..<20 {
      let client = try gate.connect()
      try client.send(head)
      for _ in 0..<(status == 413 ? 8 : 1) { try client.send(Self.mebibyte) }
      #expect(try client.reply().status == status)
      #expect(try client.rest() == "")
      #expect(client.hasPeerSaidGoodbye)
    }
    #expect(try gate.audit().map(\.status) == [String](repeating: "\(status)", count: 20))
  }

  @Test func `so have those who send slowly`() throws {
    let clients = try Self.heads.map { head, status in
      let client = try gate.connect()
      try client.send(head)
      return (client, status)
    }
    // For longer than the gate waits for a client that is silent at the end.
    for _ in 0..<30 {
      for (client, _) in clients { try client.send(String(repeating: "x", count: 10_000)) }
      usleep(100_000)
    }
    for (client, status) in clients { #expect(try client.reply().status == status) }
  }

  @Test func `so has who ends its side before it reads`() throws {
    for politely in [true, false] {
      let client = try gate.connect()
      try client.send(Self.heads[1].0 + Self.mebibyte)
      try client.endSending(politely: politely)
      #expect(try client.reply().status == 403)
    }
  }

  @Test func `what follows an answer that ends the connection does not destroy it`() throws {
    let client = try gate.connect()
    try client.send(get("/v1/peering/hub", token: Token.administrator, fields: "Connection: close\r\n"))
    for _ in 0..<2 { try client.send(Self.mebibyte) }
    #expect(try client.reply().status == 200)
  }

  /// What a request without end costs is bounded, whatever it is made of.
  @Test(arguments: ["x", "1\r\na\r\n", "0000000000000001\r\na\r\n", "ffff\r\n", "1;a=b\r\nx\r\n"])
  func `a refused body without end is hung up on`(piece: String) throws {
    let client = try gate.connect()
    let framing = piece == "x" ? "Content-Length: 1000000" : "Transfer-Encoding: chunked"
    try client.send(request("POST", "/v1/nothing", fields: "\(framing)\r\n"))
    #expect(try client.reply().status == 403)
    let flood = Array(String(repeating: piece, count: 65_536 / piece.utf8.count).utf8)
    var sent = 0
    while sent < 64 << 20, (try? client.send(flood)) != nil { sent += flood.count }
    #expect(sent < 64 << 20)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
  }

  @Test func `a stop does not wait for those who go on sending`() throws {
    let clients = try (0..<4).map { _ in
      let client = try gate.connect()
      try client.send(Self.heads[0].0)
      return client
    }
    for client in clients { #expect(try client.reply().status == 413) }
    let small = try gate.connect()
    try small.send(request("POST", "/v1/nothing", fields: "Content-Length: 1000\r\n"))
    #expect(try small.reply().status == 403)
    let begin = Date()
    #expect(gate.stop() == 0)
    // The clients would be listened to for 15 s otherwise, and the drain waits as long.
    #expect(Date().timeIntervalSince(begin) < 10)
  }
}
