// What comes from Consul while nothing was asked is nobody's reply.

import Glibc
import Support
import Synchronization
import TLS
import Testing

@Suite struct UnaskedReplyTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)
  private static let changes = [
    request("DELETE", "/v1/peering/hub", token: Token.administrator),
    request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"),
    request(
      "POST", "/v1/peering/establish", token: Token.administrator,
      body: "{\"PeerName\":\"hub\",\"PeeringToken\":\"dG9rZW4=\"}"),
  ]

  private static let asked = "{\"Name\":\"hub\"}"

  /// Of what is deleted there is nothing to be seen.
  private static func answer(to request: String) -> String { request.hasPrefix("DELETE") ? "" : asked }

  private static func unasked(_ status: String = "200 OK") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: 9\r\n\r\n\"unasked\""
  }

  @Test(arguments: [
    unasked(), unasked("500 Internal Server Error"), unasked("408 Request Timeout"), "H", "\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n", "\0",
  ])
  func `a connection on which something came while it was idle is not used again`(text: String) throws {
    let upstream = try RecordingUpstream { _ in .json(Self.asked) }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for _ in 0..<20 {
      for request in [Self.read] + Self.changes {
        #expect(try client.request(request).body == Self.answer(to: request))
        upstream.say(text)
      }
    }
    #expect(Set(upstream.requests.map(\.connection)).count == 80)
  }

  @Test(arguments: ["H", "\r\n", unasked(), unasked("204 No Content"), " "])
  func `nor is one on which more came than the reply`(more: String) throws {
    for framing in [
      "Content-Length: 14\r\n\r\n\(Self.asked)",
      "Transfer-Encoding: chunked\r\n\r\ne\r\n\(Self.asked)\r\n0\r\n\r\n",
    ] {
      let upstream = try RecordingUpstream { _ in .bytes("HTTP/1.1 200 OK\r\n\(framing)\(more)") }
      let gate = try GateProcess(upstream: upstream.address)
      let client = try gate.connect()
      for request in [Self.read] + Self.changes {
        #expect(try client.request(request).body == Self.answer(to: request))
      }
      #expect(upstream.requests.map(\.connection) == [0, 1, 2, 3])
    }
  }

  @Test func `nor is one on which Consul refused before it was asked, and what was refused is never sent`()
    throws
  {
    let upstream = try RecordingUpstream { received in .json("{\"Name\":\"\(received.name)\"}") }
    upstream.greet(with: "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 9\r\n\r\nslow down")
    let gate = try GateProcess(upstream: upstream.address, workers: 1)
    let clients = try (0..<40).map { _ in try gate.connect() }
    // All at once, so that the gate finds the refusal on most connections before it has sent anything.
    gate.signal(SIGSTOP)
    for (number, client) in clients.enumerated() {
      try client.send(request("DELETE", "/v1/peering/victim-\(number)", token: Token.administrator))
    }
    gate.signal(SIGCONT)
    let statuses = try clients.map { try $0.reply().status }
    #expect(statuses.contains(429))
    let asked = upstream.requests.count
    upstream.greet(with: nil)
    for (number, client) in clients.enumerated() {
      let reply = try client.request(get("/v1/peering/cluster-\(number)", token: Token.administrator))
      #expect(reply.body == "{\"Name\":\"cluster-\(number)\"}")
    }
    #expect(upstream.requests.dropFirst(asked).allSatisfy { $0.method == "GET" })
    let done = upstream.requests.filter { $0.method == "DELETE" }.map { String($0.name) }
    let allowed = statuses.indices.filter { statuses[$0] == 200 }.map { "victim-\($0)" }
    #expect(Set(allowed).isSubset(of: done))
  }

  @Test func `nor under TLS`() throws {
    let pki = try TestPKI()
    let settings = try ServerSettings(identity: pki.server)
    let upstream = try RecordingUpstream(tls: settings) { _ in
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n\(Self.asked)\(Self.unasked())")
    }
    let gate = try GateProcess(
      upstream: "address = \"https://127.0.0.1:\(upstream.port)\"  ca_file = \"\(pki.authorityFile)\"")
    let client = try gate.connect()
    for request in [Self.read] + Self.changes {
      #expect(try client.request(request).body == Self.answer(to: request))
    }
    #expect(upstream.requests.map(\.connection) == [0, 1, 2, 3])
  }

  // MARK: 408

  /// Answers the requests one after the other as told.
  private func upstream(_ answers: [RecordingUpstream.Answer]) throws -> RecordingUpstream {
    let rest = Mutex(answers[...])
    return try RecordingUpstream { _ in rest.withLock { $0.popFirst() } ?? .json("\"too often\"") }
  }

  static let tired: [RecordingUpstream.Answer] = [
    .bytes("HTTP/1.1 408 Request Timeout\r\nContent-Length: 5\r\n\r\ntired"),
    .last("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 5\r\n\r\ntired"),
    .last("HTTP/1.1 408 Request Timeout\r\n\r\n"),
    .last("HTTP/1.1 408 Request Timeout\r\nContent-Length: 50\r\n\r\n"),
  ]

  @Test(arguments: tired.indices)
  func `a read to which an old connection says 408 is asked once more, over a new one`(kind: Int) throws {
    let upstream = try upstream([.json("1"), Self.tired[kind], .json("3")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    let reply = try client.request(Self.read)
    #expect(reply.status == 200 && reply.body == "3")
    #expect(upstream.requests.map(\.connection) == [0, 0, 1])
    #expect(try gate.audit().count == 2)
  }

  @Test func `so is a list, and not a third time`() throws {
    let list = get("/v1/peerings", token: Token.administrator)
    let upstream = try upstream([
      .json("[]"), Self.tired[0], .json("[]"), .json("[]"), Self.tired[0], Self.tired[0],
    ])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for status in [200, 200, 200, 408] { #expect(try client.request(list).status == status) }
    #expect(upstream.requests.count == 6)
  }

  @Test func `408 on a new connection is Consul's answer`() throws {
    let upstream = try upstream([Self.tired[0]])
    let gate = try GateProcess(upstream: upstream.address)
    let reply = try gate.request(Self.read)
    #expect(reply.status == 408 && reply.body == "tired")
    #expect(reply["cache-control"] == "no-store")
    #expect(upstream.requests.count == 1)
  }

  @Test(arguments: 0..<3) func `a change is not asked again after 408`(change: Int) throws {
    let upstream = try upstream([.json("1"), Self.tired[0]])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    #expect(try client.request(Self.changes[change]).status == 408)
    #expect(upstream.requests.count == 2)
    #expect(try gate.audit().last?.status == "408")
  }
}
