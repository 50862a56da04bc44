// Connections to Consul that died in the pool: a read is asked once more, a change never.

import Support
import Synchronization
import Testing

@Suite struct DeadConnectionTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)
  private static let changes = [
    request("DELETE", "/v1/peering/hub", token: Token.administrator),
    request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"),
    request(
      "POST", "/v1/peering/establish", token: Token.administrator,
      body: "{\"PeerName\":\"hub\",\"PeeringToken\":\"dG9rZW4=\"}"),
  ]

  /// Answers the requests one after the other as told.
  private func upstream(_ answers: [RecordingUpstream.Answer]) throws -> RecordingUpstream {
    let rest = Mutex(answers[...])
    return try RecordingUpstream { _ in rest.withLock { $0.popFirst() } ?? .json("\"too often\"") }
  }

  @Test func `a read is asked once more, over a new connection`() throws {
    let upstream = try upstream([.json("1"), .close, .json("3")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    #expect(try client.request(Self.read).body == "1")
    #expect(try client.request(Self.read).body == "3")
    #expect(upstream.requests.map(\.connection) == [0, 0, 1])
    #expect(upstream.requests[1].text == upstream.requests[2].text)
    #expect(try gate.audit().count == 2)
  }

  @Test func `a read is not asked a third time`() throws {
    let upstream = try upstream([.json("1"), .close, .close])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    #expect(try client.request(Self.read).status == 502)
    #expect(upstream.requests.count == 3)
  }

  @Test func `a read that was answered in part is not asked again`() throws {
    let upstream = try upstream([.json("1"), .last("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    #expect(try client.request(Self.read).status == 502)
    #expect(upstream.requests.count == 2)
  }

  @Test(arguments: 0..<3) func `a change is never asked again`(change: Int) throws {
    let upstream = try upstream([.json("1"), .close, .json("3")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    let reply = try client.request(Self.changes[change])
    #expect(reply.status == 502)
    #expect(upstream.requests.count == 2)
    #expect(try gate.audit().map(\.stage) == ["OperationComplete", "OperationStart", "OperationComplete"])
  }

  @Test(arguments: 0..<3) func `a change does not fail because Consul has closed idle connections`(
    change: Int
  ) throws {
    let upstream = try upstream([.json("1"), .json("2")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(Self.read)
    // On loopback the gate's kernel knows of it when this returns.
    upstream.dropConnections()
    let reply = try client.request(Self.changes[change])
    #expect(reply.status == 200)
    #expect(reply.body == (Self.changes[change].hasPrefix("DELETE") ? "" : "2"))
    #expect(upstream.requests.map(\.connection) == [0, 1])
  }

  @Test func `connections are used again, and one that Consul wants closed is not`() throws {
    let closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n3"
    let upstream = try upstream([.json("1"), .json("2"), .bytes(closing), .json("4")])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    for body in ["1", "2", "3", "4"] { #expect(try client.request(Self.read).body == body) }
    #expect(upstream.requests.map(\.connection) == [0, 0, 0, 1])
  }

  @Test func `bytes that Consul sends unasked spoil the connection and not the next reply`() throws {
    let upstream = try upstream([
      .bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nX"),
      .json("2"),
    ])
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    #expect(try client.request(Self.read).body == "1")
    #expect(try client.request(Self.read).body == "2")
  }
}
