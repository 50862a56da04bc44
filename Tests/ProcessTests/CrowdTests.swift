// More of everything than there is room for: who waits, who is told to come back, and that it passes.

import Foundation
import Support
import Testing

@Suite struct CrowdTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  @Test func `connections beyond the limit wait until there is a place`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { connections = 2 per_address { exempt = [\"127.0.0.0/8\"] } }", workers: 1)
    let first = try gate.connect()
    let second = try gate.connect()
    for client in [first, second] { #expect(try client.request(Self.read).status == 200) }
    let third = try BlockingSocket.connect(port: gate.port)
    try third.write(ClientHello(version: 3, suites: [0xC02B]).bytes)
    for client in [first, second, first] { #expect(try client.request(Self.read).status == 200) }
    #expect(third.isSilent(forMilliseconds: 200))
    first.leave(.politely)
    #expect(try !third.read().isEmpty)
    #expect(try second.request(Self.read).status == 200)
  }

  /// So many that each rests when it is idle.
  @Test func `a crowd that rests goes on when it is spoken to, and ends with the gate`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { idle_timeout = \"60s\" drain_timeout = \"60s\" per_address { connections = 400 } }",
      workers: 1)
    let crowd = try (0..<300).map { _ in try gate.connect() }
    for _ in 0..<2 {
      for client in crowd { #expect(try client.request(Self.read).status == 200) }
      usleep(400_000)
    }
    // In two pieces, of which the first wakes it.
    let halting = try #require(crowd.last)
    try halting.send(String(Self.read.prefix(20)))
    usleep(400_000)
    #expect(try halting.request(String(Self.read.dropFirst(20))).status == 200)
    // Two at once.
    try halting.send(Self.read + Self.read)
    for _ in 0..<2 { #expect(try halting.reply().status == 200) }
    // Who leaves while resting leaves nothing behind.
    let before = gate.descriptors
    for client in crowd.prefix(20) { client.leave(.byReset) }
    #expect(eventually { gate.descriptors <= before - 20 })
    usleep(400_000)
    #expect(gate.stop() == 0)
    for client in crowd.dropFirst(20) { #expect(try client.rest().isEmpty) }
  }

  @Test func `who has shown a certificate is known after a rest, and nobody is taken for another`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let pki = try TestPKI()
    let gate = try GateProcess(
      upstream: upstream.address, listener: "ca_file = \"\(pki.authorityFile)\"",
      more: "limits { per_address { exempt = [\"127.0.0.0/8\"] } }", workers: 1, pki: pki)
    let names: [String?] = ["a", nil, "b", nil]
    let identities = try names.map { name in try name.map { try pki.client($0) } }
    let crowd = try (0..<300).map { try gate.connect(identity: identities[$0 % names.count]) }
    for _ in 0..<3 {
      for client in crowd { #expect(try client.request(Self.read).status == 200) }
      // New certificates are for new connections.
      gate.signal(SIGHUP)
      usleep(400_000)
    }
    let seen = try gate.audit().map(\.certificateSubject)
    #expect(seen.enumerated().allSatisfy { $1 == names[$0 % 300 % names.count].map { "CN=\($0)" } })
    #expect(seen.count == 900)
  }

  @Test func `a crowd that rests is not kept beyond its time`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { idle_timeout = \"12s\" per_address { connections = 400 } }",
      workers: 1)
    let crowd = try (0..<300).map { _ in try gate.connect() }
    for client in crowd { #expect(try client.request(Self.read).status == 200) }
    let begin = Date()
    for client in crowd { #expect(try client.rest().isEmpty) }
    let seconds = Date().timeIntervalSince(begin)
    #expect(seconds > 9 && seconds < 15, "ended after \(seconds) s")
  }

  /// A mebibyte each from so many would be five times what may be held.
  @Test func `clients with large bodies cannot take more memory than there is for content`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { content_bytes = 8388608 reply_bytes = 8388608 request_timeout = \"600s\" }")
    #expect(try gate.request(Self.read).status == 200)
    let before = gate.residentKilobytes
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let clients = try (0..<40).map { _ in try gate.connect() }
    for client in clients {
      try client.send(
        "POST /v1/peering/token HTTP/1.1\r\nHost: h\r\nX-Consul-Token: \(Token.administrator)\r\n"
          + "Content-Length: \(body.count)\r\n\r\n")
      // All but the last bytes; who is refused may be cut off meanwhile.
      try? client.send(Array(body.dropLast(1_000)))
    }
    let refused = { try gate.audit().filter { $0.status == "503" } }
    // Half of the budget is for requests, and half of that for one token: two of these.
    #expect(try eventually(within: 60) { try refused().count == clients.count - 2 })
    #expect(gate.residentKilobytes - before < 30_000)
    #expect(try gate.request(Self.read).status == 200)
    for client in clients { client.leave(.byReset) }
    // Two have left in the middle.
    #expect(try eventually { try gate.audit().filter { $0.status == "499" }.count == 2 })
    for _ in 0..<2 {
      let large = "{\"PeerName\":\"hub\",\"Meta\":{\"k\":\"v\"}\(String(repeating: " ", count: 1_000_000))}"
      #expect(
        try gate.request(request("POST", "/v1/peering/token", token: Token.administrator, body: large)).status
          == 200)
    }
    #expect(try refused().allSatisfy { $0.reason == "request: there was no room for the content" })
  }

  @Test func `requests beyond the budget wait for a connection, and not for ever`() throws {
    let isFree = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { _ in
      isFree.wait()
      return .json("1")
    }
    let gate = try GateProcess(
      upstream: upstream.address,
      more:
        "limits { upstream_connections = 2 per_token { upstream_percent = 100 } upstream_queue_timeout = \"60s\" }"
    )
    let clients = try (0..<6).map { _ in try gate.connect() }
    for client in clients { try client.send(Self.read) }
    #expect(eventually { upstream.requests.count == 2 })
    for _ in clients { isFree.signal() }
    for client in clients { #expect(try client.reply().status == 200) }
    #expect(upstream.requests.count == 6)

    let impatient = try GateProcess(
      upstream: upstream.address,
      more:
        "limits { upstream_connections = 2 per_token { upstream_percent = 100 } upstream_queue_timeout = \"100ms\" }"
    )
    let two = try (0..<2).map { _ in try impatient.connect() }
    for client in two { try client.send(Self.read) }
    #expect(eventually { upstream.requests.count == 8 })
    let reply = try impatient.request(Self.read)
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(reply.body.contains("in use"))
    for _ in two { isFree.signal() }
    for client in two { #expect(try client.reply().status == 200) }
  }

  @Test func `a query that has queued until the stop was asked for does not begin to wait`() throws {
    let isFree = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { received in
      if received.target.contains("index") { return .silence() }
      isFree.wait()
      return .json("1")
    }
    let gate = try GateProcess(
      upstream: upstream.address,
      more:
        "limits { upstream_connections = 2 per_token { upstream_percent = 100 } upstream_queue_timeout = \"60s\" drain_timeout = \"60s\" }"
    )
    let busy = try (0..<2).map { _ in try gate.connect() }
    for client in busy { try client.send(Self.read) }
    #expect(eventually { upstream.requests.count == 2 })
    let query = try gate.connect()
    try query.send(get("/v1/peerings?index=7&wait=600s", token: Token.administrator))
    // Whatever is asked for after it is answered after it was read, on either worker.
    for _ in 0..<8 { _ = try gate.request(get("/v1/nothing")) }
    gate.process.terminate()
    #expect(eventually { (try? BlockingSocket.connect(port: gate.port)) == nil })
    for _ in busy { isFree.signal() }
    for client in busy { #expect(try client.reply().status == 200) }
    let reply = try query.reply()
    #expect(reply.status == 503)
    #expect(reply["connection"] == "close")
    gate.process.waitUntilExit()
    #expect(gate.process.terminationStatus == 0)
  }

  @Test func `a client that goes on sending still reads why it was refused`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(upstream: upstream.address)
    let head = "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n"
    let client = try gate.connect()
    try client.send(head)
    for _ in 0..<20 { try? client.send(String(repeating: "x", count: 8_192)) }
    #expect(try client.reply().status == 413)
    // Without end it does not go on: the gate hangs up.
    let stubborn = try gate.connect()
    try stubborn.send(head)
    var sent = 0
    while sent < 64 << 20, (try? stubborn.send(String(repeating: "x", count: 65_536))) != nil {
      sent += 65_536
    }
    #expect(sent < 64 << 20)
    #expect(try gate.audit().map(\.status) == ["413", "413"])
  }
}
