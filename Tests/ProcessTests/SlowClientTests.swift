// Clients that take their time: served while they keep to the deadlines, told so when they do not.

import Foundation
import Support
import Testing

@Suite struct SlowClientTests {
  private let upstream: RecordingUpstream

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\",\"PeeringToken\":\"dG9rZW4=\"}") }
  }

  private func gate(_ limits: String) throws -> GateProcess {
    try GateProcess(upstream: upstream.address, more: "limits { \(limits) }")
  }

  @Test func `a request that comes one byte at a time is answered like any other`() throws {
    let gate = try gate("request_timeout = \"60s\"")
    let client = try gate.connect()
    let texts = [
      get("/v1/peering/hub?stale", token: Token.administrator),
      request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"),
      "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.administrator)\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n12;a=b\r\n{\"PeerName\":\"hub\"}\r\n0\r\nX: y\r\n\r\n",
      "GET /v1/peerings HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
    ]
    for text in texts.dropLast() {
      for byte in Array(text.utf8) { try client.send([byte]) }
      #expect(try client.reply().status == 200)
    }
    #expect(upstream.requests.map(\.body) == ["", "{\"PeerName\":\"hub\"}", "{\"PeerName\":\"hub\"}"])
    // Refused at the same byte as in one piece, or soon after.
    for byte in Array(texts[3].utf8) { try? client.send([byte]) }
    #expect(try client.reply().status == 400)
  }

  private static let credential = "X-Consul-Token: \(Token.administrator)\r\n"
  private static let stalls = [
    "G", "GET /v1/peerings HTTP/1.1", "GET /v1/peerings HTTP/1.1\r\n",
    "GET /v1/peerings HTTP/1.1\r\nHost: a\r\n",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\n\(credential)Content-Length: 10\r\n\r\n",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\n\(credential)Content-Length: 10\r\n\r\n{\"PeerNam",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\n\(credential)Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\n\(credential)Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
  ]

  @Test func `a request that stalls gets 408 and a record, wherever it stalls`() throws {
    let gate = try gate("request_timeout = \"300ms\"")
    let clients = try Self.stalls.map { text in
      let client = try gate.connect()
      try client.send(text)
      return client
    }
    for (client, text) in zip(clients, Self.stalls) {
      let reply = try client.reply()
      #expect(reply.status == 408, "\(text)")
      #expect(reply["connection"] == "close")
      #expect(reply.body.contains("in time"))
      #expect(try client.rest().isEmpty)
    }
    #expect(try gate.audit().map(\.status) == Self.stalls.map { _ in "408" })
    #expect(upstream.requests.isEmpty)
  }

  @Test func `drops of a request do not win time`() throws {
    let gate = try gate("request_timeout = \"500ms\"")
    let client = try gate.connect()
    let begin = Date()
    // A byte now and then, for much longer than allowed unless the gate ends it.
    try client.send("GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX: ")
    var sent = 0
    while sent < 300, (try? client.send("x")) != nil {
      sent += 1
      usleep(50_000)
    }
    #expect(Date().timeIntervalSince(begin) < 12, "the connection was still open after \(sent) drops")
    #expect(try gate.audit().map(\.status) == ["408"])
  }

  @Test func `a handshake that is not finished ends in time, without a word or a record`() throws {
    let gate = try gate("https_handshake_timeout = \"300ms\"")
    let silent = try BlockingSocket.connect(port: gate.port)
    let halting = try BlockingSocket.connect(port: gate.port)
    try halting.write([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
    #expect(((try? silent.read()) ?? []).isEmpty)
    #expect(((try? halting.read()) ?? []).isEmpty)
    #expect(try gate.audit().isEmpty)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
  }

  @Test func `an idle connection ends in time, and one in use does not`() throws {
    let gate = try gate("idle_timeout = \"700ms\"")
    let idle = try gate.connect()
    let used = try gate.connect()
    #expect(try used.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(try idle.rest().isEmpty)
    #expect(try used.rest().isEmpty)
    #expect(try gate.audit().count == 1)
  }

  @Test func `a client that does not read its answer is given up`() throws {
    // Larger than all buffers between the two together.
    let services = String(repeating: ",\"" + String(repeating: "x", count: 1_020) + "\"", count: 24 << 10)
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\",\"Services\":[1\(services)]}") }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { response_timeout = \"300ms\" }")
    let before = gate.descriptors
    let client = try gate.connect()
    try client.send(get("/v1/peering/hub", token: Token.administrator))
    #expect(try eventually { try gate.audit().map(\.status) == ["200"] })
    #expect(eventually { gate.descriptors <= before + 1 }, "the connection to Consul alone may be left")
    #expect(throws: NoReply.self) { try client.reply() }
  }
}
