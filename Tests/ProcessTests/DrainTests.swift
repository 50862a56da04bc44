// SIGTERM: what runs is finished, what waits is answered, nothing new begins, and it ends in time.

import Foundation
import Support
import Testing

@Suite struct DrainTests {
  private static let query = get("/v1/peerings?index=7&wait=60s", token: Token.administrator)
  private static let read = get("/v1/peering/hub", token: Token.administrator)
  private static let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)

  private func expectDraining(_ reply: RawReply) {
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(reply["connection"] == "close")
    #expect(reply.body.contains("shutting down"))
  }

  @Test func `clients that wait at Consul are answered and not cut`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address)
    let clients = try (0..<8).map { _ in try gate.connect() }
    for client in clients { try client.send(Self.query) }
    #expect(eventually { upstream.requests.count == 8 })
    gate.process.terminate()
    for client in clients { expectDraining(try client.reply()) }
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
    #expect(try gate.audit().map(\.status) == Array(repeating: "503", count: 8))
    #expect(upstream.departed == 8)
  }

  @Test func `a query that begins to wait after the stop was asked for is answered too`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { drain_timeout = \"60s\" }")
    let client = try gate.connect()
    try client.send(String(Self.query.dropLast(2)))
    // The gate has the bytes before it stops: a second connection's answer, on either worker, came after them.
    for _ in 0..<8 { _ = try gate.request(get("/v1/nothing")) }
    gate.process.terminate()
    #expect(gate.hasLogged("stopping"))
    #expect(eventually { (try? BlockingSocket.connect(port: gate.port)) == nil })
    try client.send("\r\n")
    expectDraining(try client.reply())
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
  }

  @Test func `a running exchange is finished while new connections are refused`() throws {
    let isStopping = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { _ in
      isStopping.wait()
      return .json("{\"Name\":\"hub\"}")
    }
    let gate = try GateProcess(upstream: upstream.address)
    let clients = try (0..<4).map { _ in try gate.connect() }
    for (number, client) in clients.enumerated() {
      try client.send(number % 2 == 0 ? Self.change : Self.read)
    }
    #expect(eventually { upstream.requests.count == 4 })
    gate.process.terminate()
    #expect(eventually { (try? BlockingSocket.connect(port: gate.port)) == nil })
    for _ in clients { isStopping.signal() }
    for (number, client) in clients.enumerated() {
      let reply = try client.reply()
      #expect(reply.status == 200)
      // Of what is deleted there is nothing to be seen.
      #expect(reply.body == (number % 2 == 0 ? "" : "{\"Name\":\"hub\"}"))
      #expect(reply["connection"] == "close")
      #expect(try client.rest().isEmpty)
    }
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
    #expect(try gate.audit().filter { $0.status == "200" }.count == 4)
  }

  /// The kinds of body that a client may be in the middle of.
  private static let unfinished = [
    "Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"Pee",
    "Content-Length: 100\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 30\r\n\r\n",
  ]

  @Test func `anyone who is in the middle of a body reads the answer that is on record`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { drain_timeout = \"200ms\" }", workers: 1)
    let clients = try (0..<Self.unfinished.count).map { _ in try gate.connect() }
    for (client, rest) in zip(clients, Self.unfinished) {
      try client.send(
        "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.administrator)\r\n\(rest)")
    }
    // Invited, and so under way; what the others have sent came before.
    _ = try clients[3].wait(for: "100 Continue\r\n\r\n")
    gate.process.terminate()
    for client in clients { expectDraining(try client.reply()) }
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
    #expect(try gate.audit().map(\.status) == Array(repeating: "503", count: 4))
    #expect(upstream.requests.isEmpty)
  }

  @Test func `idle connections end without a word, and a gate without work ends at once`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { drain_timeout = \"60s\" }")
    let used = try gate.connect()
    #expect(try used.request(Self.read).status == 200)
    let unused = try gate.connect()
    let mute = try BlockingSocket.connect(port: gate.port)
    #expect(gate.stop() == 0)
    #expect(try used.rest().isEmpty)
    #expect(try unused.rest().isEmpty)
    #expect(((try? mute.read()) ?? []).isEmpty)
    #expect(try gate.audit().count == 1)
  }

  /// Stopped, it finds the requests and the stop together, in whatever order it looks at them.
  @Test(arguments: [6, 300])
  func `what was asked before the stop is answered, on a connection that rests too`(count: Int) throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more:
        "limits { drain_timeout = \"60s\" upstream_queue_timeout = \"60s\" per_address { connections = 400 } }",
      workers: 1)
    let clients = try (0..<count).map { _ in try gate.connect() }
    for client in clients { #expect(try client.request(Self.read).status == 200) }
    usleep(400_000)
    gate.signal(SIGSTOP)
    let asking = clients.prefix(count / 2)
    for client in asking { try client.send(Self.read) }
    gate.process.terminate()
    gate.signal(SIGCONT)
    for client in asking { #expect(try client.reply().status == 200) }
    for client in clients { #expect(try client.rest().isEmpty) }
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
    #expect(try gate.audit().count == count + asking.count)
  }

  @Test(arguments: [change, read])
  func `who waits for too long is told so when the drain's time is up, and the record says the same`(
    text: String
  ) throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { drain_timeout = \"300ms\" }")
    let client = try gate.connect()
    try client.send(text)
    #expect(eventually { upstream.requests.count == 1 })
    let begin = Date()
    #expect(gate.stop() == 0)
    // Consul would have been given 75 seconds.
    #expect(Date().timeIntervalSince(begin) < 20)
    // A change that was begun may have been made: it is not said to be refused.
    let status = text == Self.change ? 502 : 503
    #expect(try client.reply().status == status)
    #expect(try gate.audit().last?.stage == "OperationComplete", "what was begun has an end on record")
    #expect(try gate.audit().last?.status == "\(status)")
  }

  @Test func `anyone who is slow with a request is cut too`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { drain_timeout = \"300ms\" request_timeout = \"3600s\" }")
    let client = try gate.connect()
    try client.send("GET /v1/peerings HT")
    for _ in 0..<8 { _ = try gate.request(get("/v1/nothing")) }
    let begin = Date()
    #expect(gate.stop() == 0)
    #expect(Date().timeIntervalSince(begin) < 20)
  }

  @Test func `a second signal ends it at once`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { drain_timeout = \"3600s\" }")
    let client = try gate.connect()
    try client.send(Self.change)
    #expect(eventually { upstream.requests.count == 1 })
    gate.process.terminate()
    #expect(eventually { (try? BlockingSocket.connect(port: gate.port)) == nil })
    gate.process.terminate()
    gate.process.waitUntilExit()
    #expect(gate.process.terminationReason == .uncaughtSignal)
  }
}
