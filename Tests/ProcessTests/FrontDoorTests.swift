// The TLS of the front door: what is spoken, what is not, and what costs less the second time.

import Foundation
import Support
import Testing
import TLS

@Suite struct FrontDoorTests {
  private let upstream: RecordingUpstream

  init() throws { upstream = try RecordingUpstream { _ in .json("[]") } }

  private static let read = get("/v1/peerings", token: Token.administrator)

  /// What the gate answers to these bytes before it ends the connection.
  private func answer(to bytes: [UInt8], from gate: GateProcess) throws -> [UInt8] {
    let socket = try BlockingSocket.connect(port: gate.port)
    try socket.write(bytes)
    var all: [UInt8] = []
    while let more = try? socket.read(), !more.isEmpty { all += more }
    return all
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "PROPFIND"])
  func `plain HTTP gets a sentence and the end, and is no request`(method: String) throws {
    let gate = try GateProcess(upstream: upstream.address)
    for body in [0, 300_000] {
      let text = request(
        method, "/v1/peerings", token: Token.administrator, body: String(repeating: "x", count: body))
      let answer = String(decoding: try answer(to: Array(text.utf8), from: gate), as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.0 400 Bad Request\r\n"))
      #expect(answer.hasSuffix("\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"))
      for field in ["Cache-Control: no-store", "Connection: close", "Content-Length: 48"] {
        #expect(answer.lowercased().contains("\r\n\(field.lowercased())\r\n"))
      }
      #expect(answer.split(separator: "HTTP/1.0").count == 1)
    }
    #expect(try gate.audit().isEmpty)
    #expect(upstream.requests.isEmpty)
    #expect(try gate.request(Self.read).status == 200)
    gate.stop()
    let record = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(record.split(separator: "client spoke plain HTTP to a TLS port").count == 3)
    #expect(!record.contains(Token.administrator) && !gate.log.contains(Token.administrator))
  }

  @Test(arguments: [
    "SSH-2.0-OpenSSH_9.2p1\r\n", "get / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0", "GE\0\0\0\0\0\0",
  ])
  func `what is neither gets no HTTP back`(text: String) throws {
    let gate = try GateProcess(upstream: upstream.address)
    #expect(!String(decoding: try answer(to: Array(text.utf8), from: gate), as: UTF8.self).contains("HTTP/"))
  }

  @Test func `TLS 1_1 and 1_0 are refused by their version`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    for version: UInt8 in [0x01, 0x02] {
      let hello = ClientHello(version: version, suites: [0xC013, 0xC009, 0x002F])
      // A fatal alert, protocol_version.
      #expect(try Array(answer(to: hello.bytes, from: gate).suffix(2)) == [2, 70])
    }
  }

  @Test func `TLS 1_2 is spoken unless the configuration says otherwise`() throws {
    let hello = ClientHello(version: 0x03, suites: [0xC02B, 0xC02F])
    let gate = try GateProcess(upstream: upstream.address)
    let socket = try BlockingSocket.connect(port: gate.port)
    try socket.write(hello.bytes)
    // A handshake record with a ServerHello in it.
    let first = try socket.read()
    #expect(first.first == 0x16)
    #expect(first.count > 5 && first[5] == 2)

    let strict = try GateProcess(upstream: upstream.address, listener: "tls_min_version = \"TLSv1_3\"")
    #expect(try Array(answer(to: hello.bytes, from: strict).suffix(2)) == [2, 70])
    #expect(try strict.connect().negotiated?.version == .tls13)
  }

  @Test func `suites without authenticated encryption or forward secrecy are refused`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    // AES-CBC with ECDHE, AES-GCM with plain RSA, 3DES, RC4.
    for suite: UInt16 in [0xC013, 0xC009, 0xC023, 0x009C, 0x002F, 0x000A, 0x0005] {
      let hello = ClientHello(version: 0x03, suites: [suite])
      // handshake_failure
      #expect(try Array(answer(to: hello.bytes, from: gate).suffix(2)) == [2, 40])
    }
  }

  @Test func `a client that offers h2 and http/1_1 gets http/1_1, and h2 alone is refused`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    let socket = try BlockingSocket.connect(port: gate.port)
    try socket.write(ClientHello(version: 0x03, suites: [0xC02B], protocols: ["h2", "http/1.1"]).bytes)
    // The extension in the ServerHello: type, length, list length, name length, name.
    let chosen = [0x00, 0x10, 0x00, 0x0B, 0x00, 0x09, 0x08] + Array("http/1.1".utf8)
    #expect(try socket.read().firstRange(of: chosen) != nil)
    // no_application_protocol
    let alone = ClientHello(version: 0x03, suites: [0xC02B], protocols: ["h2"])
    #expect(try Array(answer(to: alone.bytes, from: gate).suffix(2)) == [2, 120])
    #expect(try gate.connect().negotiated?.applicationProtocol == "http/1.1")
  }

  @Test func `a client resumes on whichever worker it meets`() throws {
    let gate = try GateProcess(upstream: upstream.address, workers: 2)
    let context = try gate.pki.clientContext()
    var resumed: [Bool] = []
    for _ in 0..<16 {
      let client = try RawClient(port: gate.port, context: context)
      #expect(try client.request(Self.read).status == 200)
      resumed.append(client.negotiated?.isResumed == true)
    }
    // All sixteen on one worker would be a chance of one in thirty thousand.
    #expect(resumed == [false] + Array(repeating: true, count: 15))
  }

  @Test func `a key of either kind serves`() throws {
    for kind: KeyKind in [.ecdsaP256, .rsa2048] {
      let gate = try GateProcess(upstream: upstream.address, pki: TestPKI(serverKey: kind))
      #expect(try gate.request(Self.read).status == 200)
    }
  }

  @Test func `a client with another authority does not talk to the gate`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    #expect(throws: TLSError.self) {
      try RawClient(port: gate.port, context: TestPKI().clientContext())
    }
    #expect(try gate.audit().isEmpty)
  }

  @Test func `goodbye is said in TLS, so that nobody can cut an answer unseen`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    _ = try client.request(get("/v1/peerings", token: Token.administrator, fields: "Connection: close\r\n"))
    #expect(try client.rest().isEmpty)
    #expect(client.hasPeerSaidGoodbye)
  }
}
