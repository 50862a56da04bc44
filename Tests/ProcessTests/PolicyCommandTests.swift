// The commands by which operators come to trust their policies.

import Foundation
import Support
import Testing

@Suite struct PolicyCommandTests {
  private let folder: ScratchFolder
  private let samples = GateProcess.repository.appending(path: "policies").path

  init() throws { folder = try ScratchFolder() }

  private func run(_ arguments: String...) throws -> (status: Int32, output: String) {
    try GateProcess.run(arguments, in: folder.path)
  }

  /// Runs the binary with something on its standard input.
  private func run(_ arguments: [String], input: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = GateProcess.binary
    process.arguments = arguments
    let (toProcess, fromProcess) = (Pipe(), Pipe())
    process.standardInput = toProcess
    process.standardOutput = fromProcess
    process.standardError = fromProcess
    try process.run()
    try toProcess.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try toProcess.fileHandleForWriting.close()
    let output = fromProcess.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test func `check tells apart clean, warned of and wrong by its status`() throws {
    try folder.write("a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    #expect(try run("check", folder.path).status == 0)
    try folder.write("b.hcl", "policy \"b\" { peering = \"read\" }\n")
    let warned = try run("check", folder.path)
    #expect(warned.status == 2)
    #expect(warned.output.contains("b.hcl:1:1: warning: policy \"b\" is used by no token"))
    try folder.write("b.hcl", "policy \"b\" { peering = \"DENY\" }\n")
    let wrong = try run("check", folder.path)
    #expect(wrong.status == 1)
    #expect(
      wrong.output.contains(
        """
        b.hcl:1:24: error: "DENY" is no level, expected "deny" in lower case
        policy "b" { peering = "DENY" }
                               ^
        """))
  }

  @Test func `check prints one JSON object when asked`() throws {
    try folder.write("a.hcl", "policy \"a\" { peering = \"list\" }\n")
    let result = try run("check", "--json", folder.path)
    #expect(result.status == 1)
    let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let object = try #require(parsed as? [String: Any])
    #expect(object["valid"] as? Bool == false)
    let diagnostic = try #require((object["diagnostics"] as? [[String: Any]])?.first)
    #expect(diagnostic["severity"] as? String == "error")
    #expect(diagnostic["line"] as? Int == 1)
    #expect(diagnostic["column"] as? Int == 24)
  }

  /// More warnings than are shown, and all of them before the one that matters.
  @Test func `check shows warnings of security first, and counts what it does not show`() throws {
    for number in 0..<150 {
      try folder.write("a\(number).hcl", "policy \"a\(number)\" { peering = \"read\" }\n")
    }
    try folder.write(
      "z.hcl",
      """
      token "t" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"]
        policies      = []
      }
      """)
    let result = try run("check", folder.path)
    #expect(result.status == 2)
    let warnings = result.output.split(separator: "\n").filter { $0.contains(": warning: ") }
    #expect(warnings.first?.contains("which anybody guesses") == true && warnings.count == 101)
    #expect(result.output.contains("… and 50 more"))
    let parsed = try JSONSerialization.jsonObject(with: Data(run("check", "--json", folder.path).output.utf8))
    let object = try #require(parsed as? [String: Any])
    #expect(object["valid"] as? Bool == true && object["unreported"] as? Int == 50)
    let first = try #require((object["diagnostics"] as? [[String: Any]])?.first)
    #expect((first["message"] as? String)?.contains("which anybody guesses") == true)
  }

  @Test func `check tells of a file whose ending is in another case`() throws {
    try folder.write("a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    try folder.write("DENY.HCL", "policy \"a\" { peering = \"deny\" }\n")
    try folder.write("x.Json", "{")
    for name in ["a.hcl.bak", "X.TEST.HCL", "README.md"] { try folder.write(name, "{") }
    let result = try run("check", folder.path)
    #expect(result.status == 2)
    let warnings = result.output.split(separator: "\n").filter { $0.contains(": warning: ") }
    #expect(warnings.count == 2, "\(result.output)")
    #expect(result.output.contains("/DENY.HCL:1:1: warning: this file is not read"))
    #expect(result.output.contains("/x.Json:1:1: warning: this file is not read"))
  }

  @Test func `the samples pass their own tests, which reach every rule`() throws {
    let result = try run("test", "--all-rules", samples)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("4 of 4 rules reached"))
  }

  @Test func `a failing policy test is told with its place and fails the command`() throws {
    try folder.write("a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    try folder.write(
      "a.test.hcl",
      """
      test "all may delete" {
        token     = "anonymous"
        operation = "delete"
        peer      = "x"
        expect    = "allow"
      }
      """)
    let result = try run("test", folder.path)
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "a.test.hcl:1: all may delete: delete x: "
          + "denied by a.hcl:1 peering = \"read\", expected to be allowed"))
  }

  @Test func `explain shows the verdict and each rule`() throws {
    let result = try run(
      "explain", "--policies", samples, "--token-name", "docs-cluster-02", "--operation", "delete", "--peer",
      "cluster-02")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("allow: delete cluster-02 for docs-cluster-02 ("))
    #expect(result.output.contains("is more specific"))
  }

  @Test func `a new token works in the file that its block was pasted into`() throws {
    let new = try run("token", "new", "--name", "ci", "--policy", "a")
    #expect(new.status == 0)
    let start = try #require(new.output.range(of: "secret (shown once): "))
    let secret = String(new.output[start.upperBound...].prefix(36))
    let block = try #require(new.output.range(of: "token \"ci\" {"))
    let end = try #require(new.output.range(of: "\n}\n"))
    let stanza = String(new.output[block.lowerBound..<end.upperBound])
    #expect(!stanza.contains(secret))
    try folder.write("a.hcl", "policy \"a\" { peering = \"read\" }\n" + stanza)
    #expect(try run("check", folder.path).status == 0)
    let digest = try run(["token", "digest"], input: secret + "\n")
    #expect(digest.status == 0)
    #expect(stanza.contains(digest.output.trimmingCharacters(in: .newlines)))
  }

  @Test func `a digest is made of one whole secret or not at all`() throws {
    #expect(
      try run(["token", "digest"], input: "5d41402a-bc4b-2a76-b971-9d911017c592").output
        == PlainSHA256.digest(of: "5d41402a-bc4b-2a76-b971-9d911017c592".utf8) + "\n")
    for (secret, complaint) in [
      ("b23b3cad-5ea1-4413-919e-c76884b9ad60", "which anybody guesses"),
      ("test", "is \"test\", which anybody guesses"),
      ("R7kq2Lw9", "has 8 bytes"), ("R7kq2Lw9xB4mZ1p", "has 15 bytes"),
    ] {
      let result = try run(["token", "digest"], input: secret)
      #expect(result.status == 0)
      #expect(result.output.contains(PlainSHA256.digest(of: secret.utf8) + "\n"))
      #expect(
        result.output.contains("warning: the secret") && result.output.contains(complaint), "\(result.output)"
      )
    }
    #expect(try run(["token", "digest"], input: "R7kq2Lw9xB4mZ1pQ").output.utf8.count == 65)
    for input in ["", "\n", "two words\n", "one\ntwo\n"] {
      let result = try run(["token", "digest"], input: input)
      #expect(result.status == 1, "\(input.debugDescription)")
      #expect(!result.output.contains("two"))
    }
  }

  @Test func `replay finds what would change in the audit of a real gate, and explain why`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    #expect(try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.reader)).status == 403)
    #expect(try gate.request(get("/v1/peering/hub", token: "nobody")).status == 403)
    gate.stop()
    let same = try run("replay", "--policies", samples, gate.auditPath)
    #expect(same.status == 0, "\(same.output)")
    #expect(
      same.output.hasPrefix("2 decisions asked again, 0 would change; left out: 1 with unknown tokens, "),
      "\(same.output)")
    #expect(same.output.hasSuffix(" about no request\n"))

    let candidate = try ScratchFolder()
    let tokens = try String(contentsOfFile: samples + "/tokens.hcl", encoding: .utf8)
    try candidate.write("tokens.hcl", tokens)
    try candidate.write(
      "rules.hcl",
      """
      policy "peering-admin"    { peering = "read" }
      policy "cluster-02-owner" { peering = "read" }
      policy "cluster-reader"   { peering = "read" }
      """)
    let changed = try run("replay", "--policies", candidate.path, gate.auditPath)
    #expect(changed.status == 2)
    #expect(changed.output.contains("no longer allowed: docs-admin, once"))
    #expect(changed.output.contains("newly allowed: docs-reader, once"))
    #expect(changed.output.contains("2 decisions asked again, 2 would change"))

    let id = try #require(try gate.audit().last { $0.text.contains("docs-reader") }?.id)
    let why = try run("explain", "--policies", samples, "--audit", gate.auditPath, "--id", id)
    #expect(why.output.hasPrefix("deny: read hub for docs-reader ("), "\(why.output)")
  }
}
