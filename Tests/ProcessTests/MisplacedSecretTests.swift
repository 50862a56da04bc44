// A secret where a name, a path or a client's own description belongs is in no record, no log and no answer.

import Foundation
import Support
import Testing

@Suite struct MisplacedSecretTests {
  /// Nobody presents it: that it is one can only be seen by its place or its length.
  private static let strangers = [
    "5ec4e700-0000-4000-8000-00000000000a", "5EC4E700-0000-4000-8000-00000000000A",
    "eyJDQSI6WyItLS0tLUJFR0lOIENFUlRJRklDQVRFLS0tLS1cbk1JSUNEakNDQWJXZ0F3SUJBZ0lCRERBS0JnZ3Foa2pPUFFRREFqQXhNUzh3TFFZRFZRUURFeVp3Y21rdE1UTnE=",
    "d41d8cd98f00b204e9800998ecf8427e",
  ]
  private static let oldPaths = ["create", "update", "destroy", "info", "clone", "list"]

  private static func body(_ text: String) -> String {
    request("POST", "/v1/peering/token", token: Token.administrator, body: text)
  }

  static let places: [@Sendable (String) -> String] =
    oldPaths.map { verb in { get("/v1/acl/\(verb)/\($0)") } } + [
      { get("/v1/acl/info/\($0)/more") }, { get("/v1/acl//info//\($0)") }, { get("/v1/acl/%69nfo/\($0)") },
      { get("/V1/ACL/INFO/\($0)") }, { get("//v1/acl/./info/\($0)") },
      { request("PUT", "/v1/acl/clone/\($0)") },
      { get("/v1/acl/login/\($0)") }, { get("/v1/kv/\($0)") }, { get("/\($0)") },
      { get("/v1/peering/\($0).") },
      { get("/v1/peering/\($0)/x") }, { get("/v1/peerings/\($0)") },
      { request($0.replacing("=", with: ""), "/v1/peerings") },
      { get("/v1/peerings", fields: "User-Agent: \($0)\r\n") },
      { get("/v1/peerings", fields: "User-Agent: client/1.0 (\($0); x)\r\n") },
      { "GET /v1/peerings HTTP/1.1\r\nHost: \($0)\r\n\r\n" },
      { "GET /v1/peerings HTTP/1.1\r\nHost: \($0).example.com:8501\r\n\r\n" },
      { body("{\"PeerName\":\"\($0)_\"}") }, { body("{\"\($0)\":1}") }, { body("{\"\($0)\":1,\"\($0)\":2}") },
      { body("{\"PeerName\":\"hub\",\"Meta\":{\"\($0)\":\"1\",\"\($0)\":\"2\"}}") },
    ]

  /// Of these nothing is known but that they are no request.
  static let brokenPlaces: [@Sendable (String) -> String] = [
    { get("/v1/peerings", fields: "\($0) : x\r\n") }, { get("/v1/peerings", fields: "\($0)@: x\r\n") },
    { "GET /v1/peerings \($0)\r\n\r\n" }, { "\($0)@ /v1/peerings HTTP/1.1\r\n\r\n" },
    { "GET /v1/peerings \($0) HTTP/1.1\r\n\r\n" }, { get("/v1/peering/%41\($0)") },
  ]

  private func expectNoTrace(of secret: String, in text: String, _ place: String) {
    guard text.contains(secret) else { return }
    Issue.record("\(place): \(text.split(separator: "\n").first { $0.contains(secret) } ?? "")")
  }

  @Test(arguments: strangers) func `that nobody presents`(secret: String) throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
    var answers = ""
    for place in Self.places + Self.brokenPlaces {
      let client = try gate.connect()
      try client.send(place(secret))
      let reply = try client.reply()
      answers += "\(reply.fields) \(reply.body)\n"
    }
    #expect(try eventually { try gate.audit().count >= Self.places.count + Self.brokenPlaces.count })
    gate.stop()
    for trace in [secret, secret.replacing("=", with: "")] {
      expectNoTrace(of: trace, in: answers, "an answer")
      expectNoTrace(of: trace, in: gate.log, "the log")
      expectNoTrace(of: trace, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the record")
    }
  }

  /// As short as a name, so that it is a secret only because it was presented as one.
  private static let presented = ["short-one", "5ec4e700-0000-4000-8000-00000000000b", "s3cr3t", "ddba11z"]

  /// All that is one is not a word of the texts around it.
  static let presentedPlaces: [@Sendable (String) -> String] =
    places.map { place in
      { secret in
        place(secret).replacing("Host:", with: "X-Consul-Token: \(secret)\r\nHost:", maxReplacements: 1)
      }
    } + [
      { get("/v1/peering/\($0)", token: $0) }, { request("DELETE", "/v1/peering/\($0)", token: $0) },
      { get("/v1/peering/\($0)", fields: "Authorization: Bearer \($0)\r\n") },
      { get("/v1/peering/\($0)", token: "other", fields: "Authorization: Bearer \($0)\r\n") },
      { get("/v1/peering/\($0)", token: "other", fields: "X-Consul-Token: \($0)\r\n") },
      { get("/v1/peering/\($0)", fields: "Authorization: Basic \($0)\r\n") },
      { get("/v1/peering/\($0)", fields: "Authorization: \($0)\r\n") },
      { get("/v1/\($0)", fields: "Authorization: Basic abc, Bearer \($0)\r\nX-Listed: \($0)\r\n") },
      { get("/v1/\($0)", fields: "Authorization: \t Bearer\t\($0)\r\nX-Listed: \($0)\r\n") },
      { get("/v1/peerings?partition=\($0)", token: $0) }, { get("/v1/peerings?\($0)", token: $0) },
      { get("/v1/peerings", token: $0, fields: "X-Request-Id: \($0)\r\n") },
      { get("/v1/peerings", token: $0, fields: "X-Request-Id: id.\($0)\r\n") },
      { get("/v1/peerings", token: $0, fields: "X-Listed: \($0)\r\n") },
      { get("/v1/peerings", token: $0, fields: "User-Agent: a/\($0)\r\n") },
      { get("/v1/\($0)/x", token: $0) }, { request($0, "/v1/peerings", token: $0) },
      { get("/v1/peering/%\(String($0.utf8.first ?? 0, radix: 16))\($0.dropFirst())", token: $0) },
    ]

  private static func establish(_ name: String, _ token: String, _ fields: String = "", _ more: String = "")
    -> String
  {
    request(
      "POST", "/v1/peering/establish", token: Token.administrator, fields: fields,
      body: "{\"PeerName\":\"\(name)\",\"PeeringToken\":\"\(token)\"\(more)}")
  }

  static let spentPlaces: [@Sendable (String) -> String] = [
    { establish($0, $0) }, { establish("\($0)=", "\($0)=") },
    { establish("hub", $0, "User-Agent: x \($0)\r\n") },
    { establish("hub", $0, "X-Request-Id: \($0)\r\n") }, { establish("hub", $0, "X-Listed: \($0)\r\n") },
    { establish("hub", $0, "", ",\"\($0)\":1") },
    { establish("hub", $0).replacing("Host: localhost", with: "Host: \($0)") },
  ]

  @Test(arguments: presented) func `that the same request presents`(secret: String) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, auditMore: GateProcess.everyRefusal + "\nheaders = [\"X-Listed\"]")
    var answers = ""
    let requests = (Self.presentedPlaces + Self.spentPlaces).map { $0(secret) }
    for request in requests {
      let client = try gate.connect()
      try client.send(request)
      let reply = try client.reply()
      answers +=
        "\(request) -> \(reply.status) \(reply.fields) \(reply.body)\n".split(separator: " -> ").last ?? ""
    }
    gate.stop()
    expectNoTrace(of: secret, in: answers, "an answer")
    expectNoTrace(of: secret, in: gate.log, "the log")
    expectNoTrace(of: secret, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the record")
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }

  /// Every form of the field that carries one, and the places of its record.
  private static let forms: [@Sendable (String) -> String] = [
    { "Bearer \($0) x" }, { "Bearer \($0), Basic abc" }, { "Token token=\"\($0)\", realm=\"x\"" },
    { "Digest username=\"a\",response=\($0);x" }, { "\($0) Bearer" }, { "a b c \($0) d e f" },
    { "Negotiate,\($0)" },
  ]

  @Test(arguments: ["hunter2hunter2", "qz7Rk0Lw-5895-4c25-b6cd-SECRETSECRET"])
  func `that stands anywhere in Authorization`(secret: String) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, auditMore: GateProcess.everyRefusal + "\nheaders = [\"X-Listed\"]")
    for form in Self.forms {
      let fields = "Authorization: \(form(secret))\r\nX-Listed: \(secret)\r\nUser-Agent: a \(secret)\r\n"
      for path in ["/v1/kv/\(secret)", "/v1/peering/hub"] { _ = try gate.request(get(path, fields: fields)) }
    }
    gate.stop()
    expectNoTrace(of: secret, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the record")
  }

  @Test(arguments: ["hunter2hunter2", "s3cr3t"])
  func `that a line without a colon, a version or a method is made of`(secret: String) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
    let token = "X-Consul-Token: \(secret)\r\n"
    let lines = [
      get("/v1/peerings", fields: token + "\(secret) : 1\r\n"),
      get("/v1/peerings", fields: token + "\(secret)@: 1\r\n"),
      get("/v1/peerings", fields: token + "\(secret)\r\n"), "\(secret)@ /v1/peerings HTTP/1.1\r\n\r\n",
      "GET /v1/peerings \(secret)\r\n\r\n", "\(secret)\r\n\r\n",
    ]
    for line in lines {
      let client = try gate.connect()
      try client.send(line)
      let answer = try client.reply()
      #expect(answer.status == 400)
      expectNoTrace(of: secret, in: "\(answer.fields) \(answer.body)", "an answer")
    }
    gate.stop()
    expectNoTrace(of: secret, in: try String(contentsOfFile: gate.auditPath, encoding: .utf8), "the record")
  }

  private func recorded(_ text: String) throws -> [String: String] {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    _ = try gate.request(text)
    let line = try #require(try gate.audit().last)
    let object = try JSONSerialization.jsonObject(with: Data(line.text.utf8)) as? [String: Any]
    let payload = try #require(object?["payload"] as? [String: Any])
    return (payload["request"] as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
  }

  @Test func `what is known to be no secret is written as it came`() throws {
    for path in [
      "/v1/peering/5ec4e700-0000-4000-8000-00000000000a", "/v1/peering/\(String(repeating: "n", count: 63))",
      "/v1/peering/HUB", "/v1/peering/%2e%2e/kv", "/v1/acl/token/self", "/v1/operator/raft/configuration",
      "/v1/internal/ui/exported-services", "//", "/v1/acl/list",
    ] {
      #expect(try recorded(get(path))["endpoint"] == path)
    }
    for host in [
      "gate.example.com:8501", "[2001:db8::1]:8501",
      "my-rather-long-service-name-in-production.team.svc.cluster.local",
    ] {
      #expect(try recorded("GET /v1/peerings HTTP/1.1\r\nHost: \(host)\r\n\r\n")["host"] == host)
    }
    for agent in [
      "Go-http-client/1.1",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0",
      "consul-k8s-control-plane/1.3.0 (linux/amd64)", "",
    ] {
      #expect(try recorded(get("/v1/peerings", fields: "User-Agent: \(agent)\r\n"))["user_agent"] == agent)
    }
  }

  @Test func `what is cut is short, and has a digest by which it can be found again`() throws {
    for verb in Self.oldPaths {
      #expect(try recorded(get("/v1/acl/\(verb)/x"))["endpoint"] == "/v1/acl/\(verb)/<hidden>")
    }
    let long = String(repeating: "nN", count: 100)
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    for _ in 0..<2 { _ = try gate.request(get("/v1/peering/\(long)")) }
    let texts = try gate.audit().map { try #require($0.text.firstMatch(of: /"endpoint":"([^"]*)"/)).1 }
    #expect(texts.count == 2 && texts[0] == texts[1])
    #expect(
      texts[0].wholeMatch(of: /\/v1\/peering\/nNnNnNnN\.\.\.\(hmac-sha256:[0-9a-f:]{73}, \+192 bytes\)/)
        != nil)
    let at = String(repeating: "a", count: 24)
    #expect(try recorded(get("/v1/\(at)"))["endpoint"] == "/v1/\(at)")
    #expect(try recorded(get("/v1/\(at)a"))["endpoint"]?.hasPrefix("/v1/aaaaaaaa...(") == true)
    let word = String(repeating: "w", count: 31)
    #expect(try recorded(get("/", fields: "User-Agent: \(word)\r\n"))["user_agent"] == word)
    #expect(
      try recorded(get("/", fields: "User-Agent: \(word)w\r\n"))["user_agent"]?.hasPrefix("wwwwwwww...(")
        == true)
  }
}
