// What Consul, or whatever stands before it, repeats of a request: no secret of it goes to a client or into a record.

import Foundation
import Support
import Testing

@Suite struct EchoedSecretTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let own = "5ec4e700-0000-4000-8000-0000000000ff"

  private static func reply(_ status: Int, _ body: String, fields: String = "") -> RecordingUpstream.Answer {
    .bytes("HTTP/1.1 \(status) Status\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// A gate that shows Consul its own token.
  private func exchangingGate(_ upstream: RecordingUpstream, _ secret: String = own) throws -> GateProcess {
    let file = try folder.write("token", secret)
    return try GateProcess(upstream: "address = \"\(upstream.address)\"  token_file = \"\(file)\"")
  }

  private func expectNoTrace(of secret: String, of gate: GateProcess, _ place: String) throws {
    gate.stop()
    #expect(!gate.log.contains(secret), "\(place)")
    #expect(try !String(contentsOfFile: gate.auditPath, encoding: .utf8).contains(secret), "\(place)")
  }

  private static let requests = [
    get("/v1/peering/hub", token: Token.administrator), get("/v1/peerings", token: Token.administrator),
    request("DELETE", "/v1/peering/hub", token: Token.administrator),
    request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"),
  ]

  @Test func `the gate's own token is hidden in an error's text`() throws {
    let upstream = try RecordingUpstream { received in
      Self.reply(500, "bad request: X-Consul-Token: \(received["x-consul-token"] ?? "")|\(Self.own)x")
    }
    let gate = try exchangingGate(upstream)
    for request in Self.requests {
      let answer = try gate.request(request)
      #expect(answer.status == 500)
      #expect(answer.body == "bad request: X-Consul-Token: <hidden>|<hidden>x")
      #expect(
        try gate.audit().last?.reason == "Consul: bad request: X-Consul-Token: <hidden>|<hidden>x")
    }
    #expect(upstream.requests.allSatisfy { $0["x-consul-token"] == Self.own })
    try expectNoTrace(of: Self.own, of: gate, "an error's text")
  }

  @Test func `a success that holds it is 502, and so is any reply with it in a field`() throws {
    let answers: [@Sendable (String) -> RecordingUpstream.Answer] = [
      { _ in Self.reply(200, "{\"Name\":\"hub\",\"Meta\":{\"a\":\"\(Self.own)\"}}") },
      { _ in Self.reply(200, "[{\"Name\":\"hub\",\"Meta\":{\"a\":\"\(Self.own)\"}}]") },
      { _ in Self.reply(200, "{}", fields: "Content-Type: text/\(Self.own)\r\n") },
      { _ in Self.reply(500, "no", fields: "X-Consul-Query-Backend: \(Self.own)\r\n") },
    ]
    for answer in answers {
      let upstream = try RecordingUpstream { received in answer(received.target) }
      let gate = try exchangingGate(upstream)
      for request in Self.requests {
        let reply = try gate.request(request)
        #expect(reply.status == 502)
        #expect(!"\(reply.fields)\(reply.body)".contains(Self.own))
      }
      #expect(try gate.audit().last?.reason == "upstream: the reply holds the gate's own token")
      try expectNoTrace(of: Self.own, of: gate, "a success")
    }
  }

  @Test func `what only resembles it passes`() throws {
    let body = "{\"Name\":\"hub\",\"ID\":\"\(Self.own.dropLast())0\"}"
    let upstream = try RecordingUpstream { _ in Self.reply(200, body) }
    let gate = try exchangingGate(upstream)
    let reply = try gate.request(Self.requests[0])
    #expect(reply.status == 200 && reply.body == body)
  }

  @Test func `the caller's own is hidden in an error's text, too`() throws {
    let upstream = try RecordingUpstream { received in
      Self.reply(500, "bad token \(received["x-consul-token"] ?? "")")
    }
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(Self.requests[0]).body == "bad token <hidden>")
    try expectNoTrace(of: Token.administrator, of: gate, "an error's text")
  }

  // MARK: Peering tokens

  private static let establishmentSecret = "5ec4e700-0000-4000-8000-0000000000ee"

  private static func peeringToken(_ length: Int) -> String {
    let padding = String(repeating: "p", count: length)
    let json = "{\"EstablishmentSecret\":\"\(establishmentSecret)\",\"CA\":null,\"PeerID\":\"\(padding)\"}"
    return Data(json.utf8).base64EncodedString()
  }

  private static func establish(_ token: String) -> String {
    request(
      "POST", "/v1/peering/establish", token: Token.administrator,
      body: "{\"PeerName\":\"hub\",\"PeeringToken\":\"\(token)\"}")
  }

  @Test(arguments: [1, 60, 300, 320, 400, 1_000, 5_000])
  func `a peering token of any length is hidden, and so is the secret in it`(length: Int) throws {
    let token = Self.peeringToken(length)
    let echoes: [@Sendable (RecordingUpstream.Received) -> String] = [
      { "bad body \($0.body)" },
      { _ in "bad \(Self.establishmentSecret), twice \(Self.establishmentSecret)" },
      { _ in String(repeating: "x ", count: 200) + token }, { _ in "a\(token)b" },
      { _ in "\(token) \(token)" },
    ]
    let upstream = try RecordingUpstream { received in
      Self.reply(500, echoes[Int(received["x-request-id"] ?? "") ?? 0](received))
    }
    let gate = try GateProcess(upstream: upstream.address)
    for number in echoes.indices {
      let text = Self.establish(token).replacing(
        "Host:", with: "X-Request-Id: \(number)\r\nHost:", maxReplacements: 1)
      let answer = try gate.request(text)
      #expect(answer.status == 500)
      for secret in [String(token.prefix(20)), String(token.suffix(20)), Self.establishmentSecret] {
        #expect(!answer.body.contains(secret), "\(answer.body)")
      }
    }
    gate.stop()
    let record = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    for secret in [String(token.prefix(20)), String(token.suffix(20)), Self.establishmentSecret] {
      #expect(!record.contains(secret) && !gate.log.contains(secret))
    }
  }

  @Test func `pieces of one are cut in the record, and Consul's own words are not`() throws {
    let token = Self.peeringToken(400)
    let name = "a-peering-with-a-name-of-more-than-forty-bytes-in-it"
    let id = "0b5c6d7e-1111-2222-3333-444455556666"
    let sentence =
      "Peering \"\(name)\" (\(id)) of agent/rpc/peering/service.go: \(token.dropFirst(9).prefix(200))"
    let upstream = try RecordingUpstream { _ in Self.reply(500, sentence) }
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(Self.establish(token)).status == 500)
    let reason = try #require(try gate.audit().last?.reason)
    #expect(reason.hasPrefix("Consul: Peering \"\(name)\" (\(id)) of agent/rpc/peering/service.go: "))
    #expect(reason.contains("...(hmac-sha256:") && reason.hasSuffix(", +192 bytes)"))
    #expect(!reason.contains(token.dropFirst(17).prefix(12)))
  }

  @Test func `a client that names itself by a part of the token is not recorded with it`() throws {
    let token = Self.peeringToken(600)
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: "headers = [\"X-Listed\"]")
    for word in [Self.establishmentSecret, token] {
      for field in ["User-Agent", "X-Listed", "X-Request-Id"] {
        let text = Self.establish(token).replacing(
          "Host:", with: "\(field): \(String(word.prefix(2_000)))\r\nHost:", maxReplacements: 1)
        _ = try gate.request(text)
      }
    }
    gate.stop()
    let record = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(!record.contains(Self.establishmentSecret) && !record.contains(token.prefix(40)))
  }
}
