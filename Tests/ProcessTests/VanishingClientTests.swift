// Clients that leave at any byte, in any way: nothing crashes, nothing leaks, the record says what happened.

import Sockets
import Support
import Testing
import TLS

@Suite struct VanishingClientTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("[]") }
    // A gate that was kept from running meets a crowd at once, and makes a connection to Consul for each: idle ones must
    // be gone again before descriptors are counted.
    gate = try GateProcess(
      upstream: upstream.address, more: "limits { upstream_idle_timeout = \"1s\" }",
      auditMore: GateProcess.everyRefusal)
  }

  static let requests = [
    "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.reader)\r\n\r\n",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.owner)\r\nContent-Length: 25\r\n\r\n"
      + "{\"PeerName\":\"cluster-02\"}",
    "POST /v1/peering/token HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \(Token.owner)\r\n"
      + "Transfer-Encoding: chunked\r\n\r\n19;a=b\r\n{\"PeerName\":\"cluster-02\"}\r\n0\r\nX: y\r\n\r\n",
  ]

  @Test(arguments: 0..<requests.count, RawClient.Departure.allCases)
  func `leaving after any byte of a request`(number: Int, departure: RawClient.Departure) throws {
    let bytes = Array(Self.requests[number].utf8)
    // Connections to Consul are made before the count begins.
    for _ in 0..<8 { _ = try gate.request(get("/v1/peerings", token: Token.reader)) }
    let before = (descriptors: gate.descriptors, lines: try answers().count)
    // One context for all, so that handshakes are resumed and cheap.
    let context = try gate.pki.clientContext()
    for count in 0..<bytes.count {
      let client = try RawClient(port: gate.port, context: context)
      try client.send(Array(bytes[..<count]))
      client.leave(departure)
    }
    if departure == .byReset {
      // A reset takes with it what the gate has not read yet: of those it cannot know.
      try expectAllEnded(descriptors: before.descriptors)
    } else {
      #expect(try eventually { try answers().count >= before.lines + bytes.count - 1 })
    }
    let lines = try answers().dropFirst(before.lines)
    // Anyone who sent nothing asked nothing; everybody else has one line.
    #expect(departure == .byReset ? lines.count < bytes.count : lines.count == bytes.count - 1)
    #expect(lines.allSatisfy { $0.status == "499" })
    #expect(lines.allSatisfy { $0.outcome == "refuse" && $0.reason?.contains("request") == true })
    // Nothing of them reached Consul: of no request the last byte had come.
    #expect(upstream.requests.count == before.lines)
    try expectHealthy(descriptors: before.descriptors)
  }

  @Test(arguments: RawClient.Departure.allCases)
  func `leaving before the answer`(departure: RawClient.Departure) throws {
    for _ in 0..<8 { _ = try gate.request(get("/v1/peerings", token: Token.reader)) }
    let descriptors = gate.descriptors
    let context = try gate.pki.clientContext()
    func leave(times: Int) throws {
      for text in repeatElement(Self.requests, count: times).joined() {
        let client = try RawClient(port: gate.port, context: context)
        try client.send(text)
        client.leave(departure)
      }
    }
    try leave(times: 50)
    if departure == .byReset {
      // A gate that is kept from running may see every reset before the request: then more have to leave.
      let isOneMade = try eventually {
        if try answers().contains(where: { $0.operation == "generate" }) { return true }
        try leave(times: 1)
        return false
      }
      #expect(isOneMade)
      try expectAllEnded(descriptors: descriptors)
    } else {
      #expect(try eventually { try answers().count == 8 + 150 })
    }
    // A change whose request was whole is made, anyone who still listens; a read may be given up.
    #expect(try eventually { try hasEndForEachChange() }, "an intent without an end")
    let made = try answers().filter { $0.operation == "generate" }
    #expect(departure == .byReset || made.count == 100)
    #expect(Set(made.map(\.status)) == ["200"])
    let reads = try answers().filter { $0.operation == "list" }
    #expect(Set(reads.map(\.status)).isSubset(of: ["200", "499"]))
    try expectHealthy(descriptors: descriptors)
  }

  @Test(arguments: [true, false])
  func `leaving after any byte of the handshake`(byReset: Bool) throws {
    _ = try gate.request(get("/v1/peerings", token: Token.reader))
    let descriptors = gate.descriptors
    let hello = try clientHello()
    #expect(hello.count > 100)
    for count in 0...hello.count {
      let socket = try BlockingSocket.connect(port: gate.port)
      try socket.write(Array(hello[..<count]))
      if byReset { socket.reset() } else { socket.shutdown() }
    }
    try expectHealthy(descriptors: descriptors)
    #expect(try answers().count == 2, "a connection that asked nothing is on record")
  }

  @Test func `leaving in the middle of a pipeline answers what came before`() throws {
    let client = try gate.connect()
    try client.send(Self.requests[0] + Self.requests[1] + Self.requests[0].dropLast(1))
    #expect(try client.reply().status == 200)
    #expect(try client.reply().status == 200)
    client.leave(.politely)
    #expect(try eventually { try answers().map(\.status) == ["200", "200", "499"] })
  }

  /// As many intents as changes that Consul received, and an answer on record for each.
  private func hasEndForEachChange() throws -> Bool {
    let changes = try gate.audit().filter { $0.operation == "generate" }
    let ends = changes.filter { $0.stage == "OperationComplete" }.map(\.id)
    let intents = changes.filter { $0.stage == "OperationStart" }.map(\.id)
    return Set(ends) == Set(intents) && ends.count == upstream.requests.count { $0.method == "POST" }
  }

  private func answers() throws -> [AuditLine] {
    try gate.audit().filter { $0.stage == "OperationComplete" }
  }

  private func expectAllEnded(descriptors: Int) throws {
    #expect(eventually { gate.descriptors <= descriptors + 4 }, "\(gate.descriptors) after \(descriptors)")
  }

  /// The next client is served, and no descriptor was forgotten.
  private func expectHealthy(descriptors: Int) throws {
    #expect(try gate.request(get("/v1/peerings", token: Token.reader)).status == 200)
    // The pools may hold a few more connections than before, and no more.
    try expectAllEnded(descriptors: descriptors)
    #expect(gate.isRunning)
  }

  private func clientHello() throws -> [UInt8] {
    let session = try Session(connecting: gate.pki.clientContext(), inbound: .init(), outbound: .init())
    _ = try session.handshake()
    return session.outbound.contents
  }
}
