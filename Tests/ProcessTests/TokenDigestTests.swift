// A peering token, made at one gate and spent at another, is one token to anyone who reads the logs, and never readable.

import Foundation
import Support
import Testing

@Suite struct TokenDigestTests {
  private static let generate = request(
    "POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"to-dc2\"}")

  private static func establish(_ token: String, token credential: String = Token.administrator) -> String {
    request(
      "POST", "/v1/peering/establish", token: credential,
      body: "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token)\"}")
  }

  /// What `peergate audit digest` says of a token.
  private func digest(_ token: String, key: String) throws -> (status: Int32, output: String) {
    let scratch = try ScratchFolder()
    let file = try scratch.write("token", token)
    let process = Process()
    process.executableURL = GateProcess.binary
    process.arguments = ["audit", "digest", "--key", key]
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: file))
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output.trimmingCharacters(in: .newlines))
  }

  @Test func `in peergate dev generate at dc1 and establish at dc2 join, and audit digest says the same`()
    throws
  {
    let gates = try DevelopmentProcess()
    let reply = try gates.request(Self.generate)
    let token = String(try #require(reply.body.firstMatch(of: /"PeeringToken":"([^"]+)"/)).1)
    #expect(try gates.request(Self.establish(token), datacenter: 2).status == 200)
    let made = try #require(try gates.audit("dc1").last { $0.operation == "generate" })
    let spent = try gates.audit("dc2").filter { $0.operation == "establish" }
    #expect(made.stage == "OperationComplete" && made.tokenDigest != nil)
    // Intent and outcome.
    #expect(spent.map(\.tokenDigest) == [made.tokenDigest, made.tokenDigest])
    let key = gates.folder.path + "/.peergate/audit.key"
    #expect(try digest(token + "\n", key: key).output == made.tokenDigest)
    // Wrapped by a mail program, it is the same token.
    #expect(
      try digest(String(token.prefix(50)) + "\n" + token.dropFirst(50), key: key).output == made.tokenDigest)
    for datacenter in ["dc1", "dc2"] {
      let log = try String(
        contentsOfFile: gates.folder.path + "/.peergate/\(datacenter)-audit.jsonl", encoding: .utf8)
      #expect(!log.contains(token.prefix(40)))
    }
  }

  @Test func `its own key joins gates that sign with different keys`() throws {
    let folder = try ScratchFolder()
    for name in ["one.key", "two.key", "digest.key"] {
      #expect(try GateProcess.run(["audit", "keygen", folder.path + "/" + name]).status == 0)
    }
    let upstream = try RecordingUpstream { received in
      .json(received.target.hasSuffix("token") ? "{\"PeeringToken\":\"dG9rZW4=\"}" : "{}")
    }
    let policies = """
      policy "all"  { peering = "write" }
      policy "team" { peering_prefix "team-" { policy = "write" } }
      token "administrator" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["\(PlainSHA256.digest(of: Token.administrator.utf8))"]
        policies      = ["all"]
      }
      token "team" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745512"
        secret_sha256 = ["\(PlainSHA256.digest(of: Token.reader.utf8))"]
        policies      = ["team"]
      }
      """
    func gate(_ key: String) throws -> GateProcess {
      let path = folder.path + "/\(key).jsonl"
      return try GateProcess(
        upstream: upstream.address, policies: policies, auditPath: path,
        audit: "path = \"\(path)\"\nkey_file = \"\(folder.path)/\(key)\"\n"
          + "token_digest_key_file = \"\(folder.path)/digest.key\"")
    }
    let (one, two) = (try gate("one.key"), try gate("two.key"))
    #expect(try one.request(Self.generate).status == 200)
    #expect(try two.request(Self.establish("dG9rZW4=")).status == 200)
    // A stolen token that is tried in vain joins, too.
    #expect(try two.request(Self.establish("dG9rZW4=", token: Token.reader)).status == 403)
    let made = try #require(try one.audit().last?.tokenDigest)
    #expect(try two.audit().map(\.tokenDigest) == [made, made, made])
    #expect(try digest("dG9rZW4=", key: folder.path + "/digest.key").output == made)
    #expect(try digest("dG9rZW4=", key: folder.path + "/one.key").output != made)
  }

  @Test func `without a key digests join within one run, and the start says that no longer`() throws {
    let upstream = try RecordingUpstream { received in
      .json(received.target.hasSuffix("token") ? "{\"PeeringToken\":\"dG9rZW4=\"}" : "{}")
    }
    var seen: Set<String> = []
    for _ in 0..<2 {
      let gate = try GateProcess(upstream: upstream.address)
      _ = try gate.request(Self.generate)
      _ = try gate.request(Self.establish("dG9rZW4="))
      let digests = try gate.audit().filter { $0.stage == "OperationComplete" }.map(\.tokenDigest)
      #expect(digests.count == 2 && digests[0] == digests[1])
      seen.insert(try #require(digests[0]))
      let log = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
      #expect(log.contains("\"token_digest_key_is_kept\":false"))
    }
    #expect(seen.count == 2)
  }

  @Test func `a reply without a token has no digest, and goes its way`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(Self.generate).status == 200)
    #expect(try gate.audit().map(\.tokenDigest) == [nil, nil])
  }

  @Test func `audit digest tells what is wrong with its input`() throws {
    let folder = try ScratchFolder()
    let none = try folder.write("none.key", "no key")
    #expect(try digest("a", key: none).status == 1)
    #expect(try digest("a", key: none).output.contains("none.key"))
    #expect(try GateProcess.run(["audit", "keygen", folder.path + "/a.key"]).status == 0)
    #expect(try digest(" \n", key: folder.path + "/a.key").output == "error: standard input holds no token")
  }
}
