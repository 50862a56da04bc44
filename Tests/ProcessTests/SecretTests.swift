// Tokens in every place where a client, an operator or Consul may put them, and no trace of them anywhere.

import Foundation
import Support
import Testing

@Suite struct SecretTests {
  /// Looks like any token of Consul's; the number tells them apart.
  private static func secret(_ number: Int) -> String {
    "5ec4e700-0000-4000-8000-\(String(repeating: "0", count: 12 - "\(number)".count))\(number)"
  }

  private static func post(_ body: String) -> String {
    request("POST", "/v1/peering/establish", token: Token.administrator, body: body)
  }

  /// Every request holds the secret of its number.
  private static let requests: [@Sendable (String) -> String] = [
    { get("/v1/peerings", token: $0) },
    { get("/v1/peerings", fields: "Authorization: Bearer \($0)\r\n") },
    { get("/v1/peerings", fields: "Authorization: Basic \($0)\r\n") },
    { get("/v1/peerings", fields: "Authorization: \($0)\r\n") },
    { get("/v1/peerings", fields: "Authorization: Bearer\t\($0)\r\n") },
    { get("/v1/peerings", token: "\($0) \($0)") },
    { get("/v1/peerings", token: "\($0),\($0)") },
    { get("/v1/peerings", token: $0 + String(repeating: "x", count: 600)) },
    { get("/v1/peerings", token: "\($0)ä") },
    { get("/v1/peerings", token: $0, fields: "X-Consul-Token: \($0)\r\n") },
    { get("/v1/peerings", token: Token.reader, fields: "Authorization: Bearer \($0)\r\n") },
    { get("/v1/peerings?token=\($0)") },
    { get("/v1/peerings?\($0)") },
    { get("/v1/peerings?index=\($0)", token: Token.administrator) },
    { get("/v1/peerings?wait=\($0)&index=1", token: Token.administrator) },
    { get("/v1/peerings?stale=\($0)", token: Token.administrator) },
    { get("/v1/peerings?filter=\($0)", token: Token.administrator) },
    { get("/v1/peerings?partition=\($0)_", token: Token.administrator) },
    { get("/v1/acl/login?token=\($0)") },
    { get("/v1/peerings#\($0)") },
    { get("/v1/peerings?a=\($0)%") },
    { "GET /v1/peerings?token=\($0) HTTP/3.0\r\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token \($0)\r\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token : \($0)\r\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token: a\r\n \($0)\r\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \u{1}\($0)\r\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \($0)\n\r\n" },
    { "GET /v1/peerings HTTP/1.1\r\nHost: a\r\nCookie: \($0)\r\nUpgrade: x\r\n\r\n" },
    { "X-Consul-Token: \($0)\r\n\r\n" },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\"\($0)\"}") },
    { post("{\"PeerName\":\"HUB\",\"PeeringToken\":\"\($0)\"}") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\"\($0)") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\($0)}") },
    { post("{\"PeerName\":\"hub\",\"peeringtoken\":\"\($0)\"}") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":[\"\($0)\"]}") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\"\($0)\",\"PeeringToken\":\"\($0)\"}") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\"\($0)\"} \($0)") },
    { post("{\"PeerName\":\"hub\",\"PeeringToken\":\"a\",\"Meta\":{\"k\":\"\($0)\"}}") },
    { post("\($0)") },
    { request("DELETE", "/v1/peering/hub", token: Token.administrator, body: $0) },
    {
      "POST /v1/peering/establish HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\($0)\r\n{}\r\n0\r\n\r\n"
    },
    {
      "POST /v1/peering/establish HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2;t=\"\($0)\r\n{}\r\n0\r\n\r\n"
    },
    {
      "POST /v1/peering/establish HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2\r\n{}\r\n0\r\nX-Consul-Token: \($0)\r\n\r\n"
    },
    { request("POST", "/v1/peering/token", token: Token.administrator, fields: "Content-Length: \($0)\r\n") },
  ]

  private func expectNoTrace(of secrets: [String], in text: String, _ place: String) {
    for secret in secrets where text.contains(secret) {
      let line = text.split(separator: "\n").first { $0.contains(secret) } ?? ""
      Issue.record("\(place) holds a secret: \(line.prefix(400))")
    }
  }

  @Test func `what clients write`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
    let all = (0..<Self.requests.count).map(Self.secret)
    var answers = ""
    for (make, secret) in zip(Self.requests, all) {
      let client = try gate.connect()
      try client.send(make(secret))
      let reply = try client.reply()
      answers += "\(reply.fields)\n\(reply.body)\n"
      // And once more, left in the middle of the secret's own line.
      let leaver = try gate.connect()
      try leaver.send(String(make(secret).prefix(60)) + secret)
      leaver.leave(.silently)
    }
    #expect(try eventually { try gate.audit().count { $0.stage == "OperationComplete" } == 2 * all.count })
    gate.stop()
    let secrets = all + [Token.administrator, Token.reader]
    expectNoTrace(of: secrets, in: gate.log, "the log")
    expectNoTrace(
      of: secrets, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the audit log")
    expectNoTrace(of: secrets, in: answers, "an answer")
  }

  @Test func `what Consul answers`() throws {
    let secrets = (0..<6).map(Self.secret)
    let answers: [RecordingUpstream.Answer] = [
      .json("{\"PeeringToken\":\"\(secrets[0])\"}"),
      .last("HTTP/1.1 200 OK\nPeeringToken: \(secrets[1])\n\n"),
      .last("\(secrets[2])\r\n\r\n"),
      .last("HTTP/1.1 200 OK\r\nPeeringToken \(secrets[3])\r\n\r\n"),
      .last("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"PeeringToken\":\"\(secrets[4])"),
      .last("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(secrets[5])\r\n"),
    ]
    let upstream = try RecordingUpstream { received in
      answers[Int(received["x-request-id"] ?? "") ?? 0]
    }
    let gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
    for number in answers.indices {
      let text = request(
        "POST", "/v1/peering/token", token: Token.administrator, fields: "X-Request-Id: \(number)\r\n",
        body: "{\"PeerName\":\"hub\"}")
      let reply = try gate.request(text)
      #expect(reply.status == (number == 0 ? 200 : 502))
      // To whom it was made for it is given, once; what is broken goes to nobody.
      #expect(reply.body.contains(secrets[number]) == (number == 0))
    }
    gate.stop()
    expectNoTrace(of: secrets, in: gate.log, "the log")
    expectNoTrace(
      of: secrets, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the audit log")
  }

  @Test func `what operators write into the wrong place`() throws {
    let secrets = (0..<4).map(Self.secret)
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let folder = try ScratchFolder()
    let file = try folder.write("token", secrets[0])
    let gate = try GateProcess(
      upstream: "address = \"\(upstream.address)\"  token_file = \"\(file)\"",
      policies: "policy \"all\" { peering = \"read\" }\nanonymous { policies = [\"all\"] }\n")
    #expect(try gate.request(get("/v1/peerings")).status == 200)
    #expect(upstream.requests.map { $0["x-consul-token"] } == [secrets[0]])

    // The secret instead of its digest, and two more mistakes; then a token file of two lines.
    try gate.folder.write(
      "policies/test.hcl",
      "policy \"all\" { peering = \"read\" }\ntoken \"a\" { secret_sha256 = [\"\(secrets[1])\"]  secret = \"\(secrets[2])\" }\n"
    )
    gate.signal(SIGHUP)
    #expect(gate.hasLogged("nothing was reloaded"))
    try folder.write("token", "\(secrets[3])\n\(secrets[3])\n")
    try gate.folder.write("policies/test.hcl", "anonymous { policies = [] }\n")
    let reloads = { gate.log.split(separator: "\n").count { $0.contains("nothing was reloaded") } }
    let before = reloads()
    gate.signal(SIGHUP)
    #expect(eventually { reloads() > before })
    #expect(gate.log.contains("test.hcl:2:"), "the place is still told")
    gate.stop()
    expectNoTrace(of: secrets, in: gate.log, "the log")
    expectNoTrace(
      of: secrets, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the audit log")
  }

  @Test func `what peergate dev prints`() throws {
    let gates = try DevelopmentProcess()
    let all = (0..<Self.requests.count).map(Self.secret)
    for (make, secret) in zip(Self.requests, all) { _ = try gates.request(make(secret)) }
    let made = try gates.request(
      request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"))
    let token = try #require(made.body.firstMatch(of: /"PeeringToken":"([^"]+)"/)).1
    #expect(
      try eventually {
        try gates.audit("dc1").count { $0.peer == "hub" && $0.stage == "OperationComplete" } > 0
      })
    gates.process.terminate()
    gates.process.waitUntilExit()
    expectNoTrace(of: all + [String(token)], in: gates.output, "the output")
    let audit = try String(contentsOfFile: gates.folder.path + "/.peergate/dc1-audit.jsonl", encoding: .utf8)
    expectNoTrace(of: all + [String(token), Token.administrator], in: audit, "the audit log")
  }
}
