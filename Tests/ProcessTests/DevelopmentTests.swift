// peergate dev: the first thing a newcomer runs, with the requests of Consul's documentation.

import Foundation
import Support
import Testing

@Suite struct DevelopmentTests {
  /// As curl sends them with `--header`, `--data` and `--request`.
  private func curl(_ method: String, _ path: String, _ token: String, body: String? = nil) -> String {
    let fields =
      "User-Agent: curl/8.5.0\r\nAccept: */*\r\n"
      + (body == nil ? "" : "Content-Type: application/x-www-form-urlencoded\r\n")
    return request(method, path, token: token, fields: fields, body: body)
  }

  @Test func `the documentation's requests work, end to end`() throws {
    let gates = try DevelopmentProcess()
    let made = try gates.request(
      curl(
        "POST", "/v1/peering/token", Token.administrator,
        body: "{\"PeerName\":\"cluster-02\",\"Meta\":{\"env\":\"production\"}}"))
    #expect(made.status == 200, "\(made.body)")
    let token = try #require(made.body.firstMatch(of: /"PeeringToken":"([^"]+)"/)).1
    let established = try gates.request(
      curl(
        "POST", "/v1/peering/establish", Token.administrator,
        body: "{\"PeerName\":\"cluster-01\",\"PeeringToken\":\"\(token)\",\"Meta\":{\"env\":\"production\"}}"),
      datacenter: 2)
    #expect(established.status == 200, "\(established.body)")

    let read = try gates.request(curl("GET", "/v1/peering/cluster-02", Token.owner))
    #expect(read.status == 200)
    #expect(read.body.contains("\"Name\":\"cluster-02\""))
    // What the token of the documentation may see is not everything.
    let list = try gates.request(curl("GET", "/v1/peerings", Token.reader))
    #expect(list.status == 200)
    #expect(list["x-consul-results-filtered-by-acls"] == "true")
    #expect(list.body.contains("\"Name\":\"cluster-01\"") && !list.body.contains("billing-east"))
    let all = try gates.request(curl("GET", "/v1/peerings", Token.administrator))
    #expect(all["x-consul-results-filtered-by-acls"] == nil)
    #expect(all.body.contains("\"Name\":\"billing-east\""))

    let denied = try gates.request(curl("DELETE", "/v1/peering/cluster-01", Token.owner))
    #expect(denied.status == 403)
    #expect(
      denied.body
        == "Permission denied: token with AccessorID 'a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a02' lacks permission "
        + "'peering:write' on \"cluster-01\"")
    let unknown = try gates.request(curl("GET", "/v1/peerings", "11111111-2222-3333-4444-555555555555"))
    #expect(unknown.status == 403)
    #expect(unknown.body == "ACL not found")
    #expect(try gates.request(curl("DELETE", "/v1/peering/cluster-02", Token.owner)).status == 200)
    // The deletion reaches the other side of the peering.
    let other = curl("GET", "/v1/peering/cluster-01", Token.administrator)
    #expect(try eventually { try gates.request(other, datacenter: 2).body.contains("TERMINATED") })
    gates.process.terminate()
    gates.process.waitUntilExit()
    #expect(gates.process.terminationStatus == 0)
  }

  @Test func `it says what to paste, and one line for each decision`() throws {
    let gates = try DevelopmentProcess()
    let gate = "https://127.0.0.1:\(gates.port)"
    for line in [
      "curl --cacert certs/dev/ca.pem -H \"X-Consul-Token: \(Token.administrator)\" \(gate)/v1/peerings",
      "export CONSUL_HTTP_ADDR=\(gate)", "export CONSUL_CACERT=certs/dev/ca.pem",
      "export CONSUL_HTTP_TOKEN=\(Token.administrator)",
    ] { #expect(gates.output.contains(line), "\(line)") }

    _ = try gates.request(get("/v1/peering/cluster-01", token: Token.reader))
    _ = try gates.request(get("/v1/peering/billing-east", token: Token.reader))
    _ = try gates.request(get("/v1/peerings", token: Token.reader), datacenter: 2)
    _ = try gates.request(get("/v1/\u{1B}[31mkv", token: Token.reader))
    _ = try gates.request(get("/v1/kv/x"))
    #expect(eventually { gates.output.contains("/v1/kv/x") })
    let decisions = gates.output.split(separator: "\n").filter { $0.contains(#/^[0-9:]{8} dc[12] /#) }
    #expect(decisions.count == 5)
    let words = [
      ["dc1", "docs-reader", "read", "cluster-01", "allow", "200", "µs", "peerings.hcl:"],
      ["dc1", "docs-reader", "read", "billing-east", "deny", "403"],
      ["dc2", "docs-reader", "list", "allow", "200", "shown", "hidden"],
      ["dc1", "400"], ["dc1", "GET", "/v1/kv/x", "refuse", "403"],
    ]
    for (line, words) in zip(decisions, words) {
      for word in words { #expect(line.contains(word), "\(line)") }
    }
    #expect(!gates.output.contains("\u{1B}"), "colours, or a client's bytes, in what is no terminal")
  }

  @Test func `certificates are kept between runs, and nobody else can read the keys`() throws {
    let first = try DevelopmentProcess(arguments: ["--certs", "pki", "--state", "state"])
    let folder = first.folder
    let authority = try String(contentsOfFile: folder.path + "/pki/ca.pem", encoding: .utf8)
    for name in ["ca-key.pem", "server-key.pem"] {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/pki/\(name)")[
        .posixPermissions]
      #expect(mode as? Int == 0o600)
    }
    #expect(FileManager.default.fileExists(atPath: folder.path + "/state/dc1-audit.jsonl"))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/state/dc2-audit.jsonl"))
    first.process.terminate()
    first.process.waitUntilExit()
    #expect(first.process.terminationStatus == 0)

    let second = try DevelopmentProcess(arguments: ["--certs", "\(folder.path)/pki"])
    #expect(try String(contentsOfFile: folder.path + "/pki/ca.pem", encoding: .utf8) == authority)
    #expect(!second.output.contains("a new CA"))
    #expect(first.output.contains("a new CA"))
  }

  @Test func `it stands in front of another Consul when told to`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try DevelopmentProcess(arguments: ["--upstream", upstream.address])
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).body == "[]")
    #expect(upstream.requests.count == 1)
    #expect(throws: (any Error).self) { try gate.request(get("/v1/peerings"), datacenter: 2) }
    #expect((try? BlockingSocket.listen(port: gate.port - 1)) != nil, "an embedded Consul runs all the same")
  }

  @Test func `a port that is taken is one clear sentence`() throws {
    let port = try DevelopmentProcess.freePort()
    let samples = GateProcess.repository.appending(path: "policies").path
    for (taken, words) in [(port, "\(port)"), (port - 1, "\(port - 1)"), (port + 1_000, "\(port + 1_000)")] {
      let holder = try BlockingSocket.listen(port: taken)
      let folder = try ScratchFolder()
      let result = try GateProcess.run(["dev", "--port", "\(port)", "--policies", samples], in: folder.path)
      #expect(result.status == 1)
      #expect(result.output.contains("error:"))
      #expect(result.output.contains(words))
      #expect(result.output.contains("in use"))
      #expect(holder.port == taken)
    }
  }

  @Test func `what is wrong with its options is said before anything starts`() throws {
    let folder = try ScratchFolder()
    let cases: [([String], String)] = [
      (["--policies", "nowhere"], "nowhere"), (["--port", "1"], "--port must be"),
      (["--port", "65000"], "--port must be"), (["--port", "x"], "port"),
      (["--upstream", "ftp://x", "--policies", "p"], "http://host:port"),
    ]
    try FileManager.default.createDirectory(atPath: folder.path + "/p", withIntermediateDirectories: false)
    try folder.write("p/a.hcl", "anonymous { policies = [] }\n")
    for (arguments, words) in cases {
      let result = try GateProcess.run(["dev"] + arguments, in: folder.path)
      #expect(result.status != 0, "\(arguments)")
      #expect(result.output.contains(words), "\(arguments): \(result.output)")
    }
  }
}
