// serve --check: every kind of mistake with its file, line and column, all of them in one run, and status 1.

import Foundation
import Support
import TLS
import Testing

@Suite struct ConfigurationTests {
  private let folder: ScratchFolder
  private let pki: TestPKI

  init() throws {
    folder = try ScratchFolder()
    pki = try TestPKI()
    try folder.write("server.pem", pki.server.certificatePEM)
    try folder.write("server.key", pki.server.privateKeyPEM)
    try folder.write("ca.pem", pki.authority.certificatePEM)
    let other = try pki.client("other")
    try folder.write("other.pem", other.certificatePEM)
    try folder.write("other.key", other.privateKeyPEM)
    try folder.write("empty.pem", "")
    try folder.write("token", "a-token\n")
    try folder.write("two-tokens", "a\nb\n")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write(
      "policies/a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/wrong", withIntermediateDirectories: false)
    try folder.write("wrong/a.hcl", "anonymous { policies = [\"nobody\"] }\n")
  }

  /// Relative names are relative to the file. One line a setting, so that line numbers tell them apart.
  private static let good = """
    listener {
      address = "127.0.0.1:8501"
      tls {
        cert_file = "server.pem"
        key_file = "server.key"
      }
    }
    upstream {
      address = "https://consul.example:8501"
      ca_file = "ca.pem"
    }
    policies = "policies"
    audit {
      path = "audit.jsonl"
    }
    workers = 2
    limits {
      connections = 100
    }
    """

  private func check(_ text: String) throws -> (status: Int32, output: String) {
    let file = try folder.write("peergate.hcl", text)
    return try GateProcess.run(["serve", "--check", "--config", file])
  }

  @Test func `a good one is said to be so, and nothing is started or written`() throws {
    let result = try check(Self.good)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("peergate.hcl: valid\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/audit.jsonl"))
  }

  @Test func `the same as JSON is as good`() throws {
    let json = """
      { "listener": { "address": "127.0.0.1:0", "tls": { "cert_file": "server.pem", "key_file": "server.key" } },
        "upstream": { "address": "unix:///run/consul.sock" }, "policies": "policies",
        "audit": { "path": "audit.jsonl" } }
      """
    let file = try folder.write("peergate.json", json)
    let result = try GateProcess.run(["serve", "--check", "--config", file])
    #expect(result.status == 0, "\(result.output)")
  }

  /// What is replaced in the good one, by what, where the complaint points, and what it says.
  static let mistakes: [(String, String, place: String, says: String)] = [
    ("workers = 2", "worker = 2", "16:1", "unknown key \"worker\""),
    ("workers = 2", "workers = 2\nworkers = 3", "17:1", "second time"),
    ("workers = 2", "workers = \"2\"", "16:11", "expected a number"),
    ("workers = 2", "workers = 0", "16:11", "1"),
    ("workers = 2", "workers = ", "", "expected"),
    ("workers = 2", "workers = [2]", "16:11", "expected a number"),
    ("workers = 2", "Workers = 2", "16:1", "unknown key"),
    ("policies = \"policies\"", "", "", "policies"),
    ("policies = \"policies\"", "policies = 1", "12:12", "expected a string"),
    ("  path = \"audit.jsonl\"", "", "13:", "path"),
    ("audit {", "audit \"x\" {", "13:7", "labels"),
    ("  connections = 100", "  connections = 0", "18:17", "1"),
    ("  connections = 100", "  conections = 100", "18:3", "\"connections\""),
    ("  connections = 100", "  idle_timeout = \"soon\"", "18:18", "idle_timeout"),
    ("  connections = 100", "  idle_timeout = 5", "18:18", "idle_timeout"),
    ("  connections = 100", "  head_bytes = 1024", "17:", "head_bytes"),
    ("  connections = 100", "  content_bytes = 65535", "18:19", "65536"),
    (
      "  connections = 100", "  content_bytes = 67108863", "17:", "content_bytes must be at least reply_bytes"
    ),
    ("  connections = 100", "  content_bytes = 67108864\n  body_bytes = 16777217", "19:16", "16777216"),
    ("  connections = 100", "  content_bytes = 1048576\n  reply_bytes = 65536", "17:", "twice body_bytes"),
    ("  address = \"127.0.0.1:8501\"", "  address = \"127.0.0.1\"", "2:13", "host:port"),
    ("  address = \"127.0.0.1:8501\"", "  address = \"127.0.0.1:99999\"", "2:13", "port"),
    ("  address = \"127.0.0.1:8501\"", "  address = \"unix:///x\"", "2:13", "host:port"),
    ("    cert_file = \"server.pem\"", "", "3:", "cert_file"),
    (
      "    cert_file = \"server.pem\"", "    cert_file = \"nowhere.pem\"", "4:17", "nowhere.pem: no such file"
    ),
    ("    cert_file = \"server.pem\"", "    cert_file = \"empty.pem\"", "4:17", "empty.pem"),
    ("    cert_file = \"server.pem\"", "    cert_file = \"server.key\"", "4:17", "server.key"),
    ("    cert_file = \"server.pem\"", "    cert_file = \"policies\"", "4:17", "policies"),
    ("    key_file = \"server.key\"", "    key_file = \"nowhere.key\"", "5:16", "nowhere.key: no such file"),
    ("    key_file = \"server.key\"", "    key_file = \"other.key\"", "5:16", "other.key"),
    ("    key_file = \"server.key\"", "    key_file = \"ca.pem\"", "5:16", "ca.pem"),
    (
      "    key_file = \"server.key\"", "    key_file = \"server.key\"\n    verify_incoming = true", "6:23",
      "ca_file"
    ),
    (
      "    key_file = \"server.key\"", "    key_file = \"server.key\"\n    ca_file = \"empty.pem\"", "6:15",
      "empty.pem"
    ),
    (
      "    key_file = \"server.key\"", "    key_file = \"server.key\"\n    tls_min_version = \"TLSv1_1\"",
      "6:23",
      "TLSv1_2"
    ),
    ("https://consul.example:8501", "consul.example:8500", "9:13", "http://host:port"),
    ("https://consul.example:8501", "ftp://consul.example:8500", "9:13", "http://host:port"),
    ("https://consul.example:8501", "http://consul.example:8500", "10:13", "https://"),
    ("  ca_file = \"ca.pem\"", "  ca_file = \"nowhere.pem\"", "10:13", "nowhere.pem"),
    ("  ca_file = \"ca.pem\"", "  cert_file = \"other.pem\"", "10:15", "key_file"),
    ("  ca_file = \"ca.pem\"", "  token_file = \"nowhere\"", "10:16", "nowhere"),
    ("  ca_file = \"ca.pem\"", "  token_file = \"two-tokens\"", "10:16", "two-tokens"),
    ("  ca_file = \"ca.pem\"", "  token_file = \"empty.pem\"", "10:16", "empty.pem"),
    ("listener {", "listener {\n", "", ""),
    ("  path = \"audit.jsonl\"", "  path = \"a\"\n  levels { read = \"off\" }", "15:19", "\"none\""),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  levels { delete = \"off\" }", "15:21",
      "delete must be \"full\" or"
    ),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  levels { delete = \"none\" }", "15:21",
      "changes are always recorded"
    ),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  levels { all = \"none\" }", "15:12",
      "unknown key \"all\""
    ),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  headers = [\"Via\", \"AUTHORIZATION\"]", "15:21",
      "credentials are never recorded"
    ),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  headers = [\"x-consul-token\"]", "15:14",
      "credentials are never"
    ),
    ("  path = \"audit.jsonl\"", "  path = \"a\"\n  headers = [\"a b\"]", "15:14", "no name of a header"),
    ("  path = \"audit.jsonl\"", "  path = \"a\"\n  headers = [\"Via\", \"VIA\"]", "15:21", "second time"),
    ("  path = \"audit.jsonl\"", "  path = \"a\"\n  headers = [\"host\"]", "15:14", "always recorded"),
    (
      "  path = \"audit.jsonl\"",
      "  path = \"a\"\n  headers = [" + (0..<17).map { "\"X\($0)\"" }.joined(separator: ", ") + "]", "15:",
      "more than 16"
    ),
    (
      "  path = \"audit.jsonl\"", "  path = \"a\"\n  token_digest_key_file = \"ca.pem\"", "15:27",
      "holds no Ed25519 key"
    ),
    ("limits {", "limits {\n  connections = 5\n}\nlimits {", "20:1", "second"),
    ("listener {", "listener \"x {", "1:10", "does not end"),
    ("listener {", "\u{FEFF}listener {", "1:1", "byte order mark"),
  ]

  @Test(arguments: mistakes.indices) func `a mistake is told with its place`(number: Int) throws {
    let (part, replacement, place, says) = Self.mistakes[number]
    #expect(Self.good.contains(part))
    let result = try check(Self.good.replacingOccurrences(of: part, with: replacement))
    if replacement == "listener {\n" { return #expect(result.status == 0, "\(result.output)") }
    #expect(result.status == 1, "\(result.output)")
    #expect(result.output.contains("/peergate.hcl:\(place)"), "\(result.output)")
    let first = result.output.split(separator: "\n").first { $0.contains(": error:") } ?? ""
    #expect(says.isEmpty || first.contains(says), "\(result.output)")
    #expect(result.output.hasSuffix("is not a valid configuration\n"))
    #expect(!result.output.contains("valid\nerror"))
  }

  @Test func `all mistakes are told in one run`() throws {
    let text = Self.good.replacingOccurrences(of: "workers = 2", with: "worker = 2")
      .replacingOccurrences(of: "\"server.pem\"", with: "\"nowhere.pem\"")
      .replacingOccurrences(of: "connections = 100", with: "connections = -1")
    let output = try check(text).output
    for place in ["4:17", "16:1", "18:17"] { #expect(output.contains("/peergate.hcl:\(place): error: ")) }
  }

  @Test func `wrong policies are told with their own file and place`() throws {
    let result = try check(Self.good.replacingOccurrences(of: "\"policies\"", with: "\"wrong\""))
    #expect(result.status == 1)
    #expect(result.output.contains("a.hcl:1:25: error:"), "\(result.output)")
    #expect(result.output.contains("nobody"))
    let missing = try check(Self.good.replacingOccurrences(of: "\"policies\"", with: "\"nowhere\""))
    #expect(missing.status == 1)
    #expect(missing.output.contains("/nowhere"))
  }

  @Test func `a file that is not there, or is none, is one clear sentence`() throws {
    for path in ["\(folder.path)/nowhere.hcl", folder.path] {
      let result = try GateProcess.run(["serve", "--check", "--config", path])
      #expect(result.status == 1)
      #expect(result.output.contains(path))
      #expect(result.output.contains("cannot be read"), "\(result.output)")
    }
    let without = try GateProcess.run(["serve", "--check"])
    #expect(without.status != 0)
    #expect(without.output.contains("--config"))
  }

  @Test func `serve tells the same and does not start`() throws {
    let file = try folder.write("peergate.hcl", Self.good.replacingOccurrences(of: "workers", with: "worker"))
    let result = try GateProcess.run(["serve", "--config", file])
    #expect(result.status == 1)
    #expect(result.output.contains("/peergate.hcl:16:1: error: "))
  }
}
