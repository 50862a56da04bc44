// A gate that has been through everything which leaves its own line kind in the log.

import Digests
import Foundation
import Support
import TLS
import Testing

enum EveryKindOfLine {
  /// The lines that it left, in order.
  static func lines() throws -> [String] {
    let folder = try ScratchFolder()
    let key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
    let upstream = try RecordingUpstream { received in
      if received.target.hasSuffix("/gone") {
        return .last("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      }
      if received.target.hasSuffix("/mute") { return .close }
      return .json(
        received.target.hasSuffix("peerings")
          ? list(["hub", "cluster-02"]) : "{\"Name\":\"hub\",\"PeeringToken\":\"dG9rZW4=\"}")
    }
    let pki = try TestPKI()
    let samples = GateProcess.repository.appending(path: "policies")
    let policies = try ["peerings.hcl", "tokens.hcl"].map {
      try String(contentsOf: samples.appending(path: $0), encoding: .utf8)
    }.joined()
    let gate = try GateProcess(
      upstream: upstream.address,
      policies: policies + "policy \"other\" {\n audit = \"full\"\n peering = \"read\"\n}\n",
      listener: "ca_file = \"\(pki.authorityFile)\"", more: "shadow_policies = \"\(samples.path)\"",
      auditPath: folder.path + "/audit.jsonl",
      auditMore:
        "key_file = \"\(key)\"\nheaders = [\"Via\"]\nlevels {\n list = \"none\"\n delete = \"reduced\"\n }",
      pki: pki)
    try ask(gate, identity: pki.client("client", names: [.dns("client.example")]))
    try reload(gate, broken: policies + "}")
    try loseLines(gate)
    // As many lines as make a checkpoint.
    let load = AuditedLoad(gate, clients: 4)
    #expect(
      try eventually(within: 60) {
        try String(contentsOfFile: gate.auditPath, encoding: .utf8).contains("audit-checkpoint")
      })
    _ = load.finish()
    #expect(gate.stop() == 0)
    let verified = try GateProcess.run(["audit", "verify", "--public-key", key + ".pub", gate.auditPath])
    #expect(verified.status == 0, "\(verified.output)")
    return try String(contentsOfFile: gate.auditPath, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func ask(_ gate: GateProcess, identity: Identity) throws {
    let client = try gate.connect(identity: identity)
    let fields =
      "User-Agent: tester/1\r\nVia: 1.1 proxy\r\nX-Request-Id: theirs\r\n"
      + "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
    let token = Base64.encode(
      "{\"ServerAddresses\":[\"a:1\"],\"ServerName\":\"s\",\"PeerID\":\"p\",\"Remote\":{\"Datacenter\":\"d\"}}"
        .utf8.span)
    for text in [
      get("/v1/peering/hub", token: Token.administrator, fields: fields),
      get("/v1/peering/gone", token: Token.administrator, fields: fields),
      get("/v1/peering/mute", token: Token.administrator, fields: fields),
      get("/v1/peerings", token: Token.reader, fields: fields),
      get("/v1/peering/hub", token: Token.reader, fields: fields), get("/v1/peering/hub", fields: fields),
      get("/v1/kv/x", token: "unknown", fields: fields),
      request(
        "POST", "/v1/peering/token", token: Token.owner, fields: fields, body: "{\"PeerName\":\"cluster-02\"}"
      ),
      request(
        "POST", "/v1/peering/establish", token: Token.owner, fields: fields,
        body: "{\"PeerName\":\"cluster-02\",\"PeeringToken\":\"\(token)\"}"),
      request("DELETE", "/v1/peering/hub", token: Token.administrator, fields: fields),
    ] { _ = try client.request(text) }
    // More than have a line each.
    for _ in 0..<20 { _ = try gate.request("nonsense\r\n\r\n") }
    let plain = try BlockingSocket.connect(port: gate.port)
    try plain.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    while let more = try? plain.read(), !more.isEmpty {}
  }

  private static func reload(_ gate: GateProcess, broken: String) throws {
    gate.signal(SIGHUP)
    #expect(gate.hasLogged("reloaded"))
    let file = gate.folder.path + "/policies/test.hcl"
    let whole = try String(contentsOfFile: file, encoding: .utf8)
    try gate.folder.write("policies/test.hcl", broken)
    gate.signal(SIGHUP)
    #expect(gate.hasLogged("nothing was reloaded"))
    try gate.folder.write("policies/test.hcl", whole)
  }

  private static func loseLines(_ gate: GateProcess) throws {
    try gate.fillDisk(leaving: 0)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 503)
    try gate.limitFiles(to: nil)
    #expect(
      try eventually(within: 30) {
        try String(contentsOfFile: gate.auditPath, encoding: .utf8).contains("audit-gap")
      })
  }
}
