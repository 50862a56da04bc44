// Policy files that Consul's operators have, given to the gate as they are.

import Foundation
import Support
import Testing

@Suite struct ConsulPolicyFilesTests {
  private static let nothing = "nothing here: the gate goes by peering rules alone"
  private static let fallback =
    "; without one beside it nothing is granted here, where Consul falls back to operator"

  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// How often it is said that rules mean nothing here, or 0: refused with `says`.
    let warnings: Int
    let says: String

    var testDescription: String { name }

    init(_ name: String, _ text: String, warnings: Int = 1, says: String = fallback) {
      self.name = name
      self.text = text
      self.warnings = warnings
      self.says = says
    }
  }

  static let samples: [Sample] = [
    Sample(
      "mesh-gateway.hcl",
      """
      service "mesh-gateway" { policy = "write" }
      service_prefix "" { policy = "read" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      """),
    Sample(
      "mesh-gateway-peering.hcl",
      """
      service "mesh-gateway" { policy = "write" }
      mesh = "write"
      peering = "read"
      """, says: "mesh and service mean nothing here"),
    Sample(
      "global-management.hcl",
      """

      acl = "write"
      agent_prefix "" {
      \tpolicy = "write"
      }
      keyring = "write"
      operator = "write"
      mesh = "write"
      peering = "write"
      service_prefix "" {
      \tpolicy = "write"
      \tintentions = "write"
      }
      """, says: "acl, agent_prefix, keyring, mesh, operator and service_prefix mean nothing here"),
    Sample(
      "read-only-old.hcl",
      """
      acl = "read"
      key_prefix "" { policy = "read" }
      operator = "read"
      query_prefix "" { policy = "read" }
      session_prefix "" { policy = "read" }
      """),
    Sample("operator-read.hcl", "operator = \"read\"\n"),
    Sample(
      "dns-requests.hcl",
      "node_prefix \"\" { policy = \"read\" }\nservice_prefix \"\" { policy = \"read\" }\n"),
    Sample(
      "connect-inject.hcl",
      """
      acl = "write"
      mesh = "write"
      operator = "write"
      peering = "write"
      node_prefix "" {
        policy = "write"
      }
      service_prefix "" {
        policy = "write"
        intentions = "write"
      }
      """, says: "mean nothing here"),
    Sample(
      "server-acl-init-partition.hcl",
      """
      partition_prefix "" {
        peering = "write"
        namespace_prefix "" {
          acl = "write"
        }
      }
      """, says: "namespace_prefix means nothing here"),
    Sample(
      "terminating-gateway.json",
      #"{"service":{"terminating-gateway":{"policy":"write"}},"node_prefix":{"":{"policy":"read"}}}"#),
    Sample(
      "agent.json", #"{"node": {"web-1": {"policy": "write"}}, "service_prefix": {"": {"policy": "read"}}}"#),
    Sample("kv.hcl", "key_prefix \"vault/\" { policy = \"write\" }\nsession \"\" { policy = \"write\" }\n"),
    Sample(
      "snapshot.hcl",
      "acl = \"write\"\nkey \"consul-snapshot/lock\" { policy = \"write\" }\nsession \"s\" { policy = \"write\" }\n"
    ),
    Sample(
      "intentions.hcl",
      "service \"db\" { policy = \"read\" intentions = \"write\" }\nidentity \"x\" { policy = \"read\" }\n"),
    Sample(
      "terraform.hcl",
      """
      resource "consul_acl_policy" "peering" {
        name  = "peering"
        rules = <<-RULE
          peering = "write"
        RULE
      }
      """, warnings: 0, says: "Terraform"),
    Sample(
      "api.json",
      #"{"ID":"0ce5a4e5-7a41-4c2d-9b39-8f1f4a7d9d51","Name":"p","Rules":"peering = \"read\"","Hash":"x"}"#,
      warnings: 0,
      says: #"this is a policy as Consul's API shows it, expected the text of its "Rules""#),
  ]

  @Test(arguments: samples)
  func `a file of Consul's loads with a warning for each part, or is refused with what it is`(sample: Sample)
    throws
  {
    let folder = try ScratchFolder()
    try folder.write(sample.name, sample.text)
    let name = sample.name.prefix { $0 != "." }
    if sample.warnings > 0 { try folder.write("tokens.hcl", "anonymous { policies = [\"\(name)\"] }\n") }
    let result = try GateProcess.run(["check", folder.path], in: folder.path)
    #expect(result.status == (sample.warnings > 0 ? 2 : 1), "\(result.output)")
    #expect(result.output.contains(sample.says), "\(result.output)")
    let warnings = result.output.components(separatedBy: Self.nothing).count - 1
    #expect(warnings == sample.warnings, "\(result.output)")
    #expect(result.output.components(separatedBy: ": warning: ").count - 1 == sample.warnings)
    #expect(!result.output.contains("did you mean"))
  }

  @Test func `the names of files and their lines are printed so that they steer nothing`() throws {
    let folder = try ScratchFolder()
    let name = "a\u{1B}[2Jb\u{202E}.hcl"
    try folder.write(name, "policy \"a\" { pering = \"read\" } // \u{E9}\n")
    let result = try GateProcess.run(["check", folder.path], in: folder.path)
    #expect(result.status == 1)
    #expect(!result.output.contains("\u{1B}"))
    #expect(!result.output.unicodeScalars.contains("\u{202E}"))
    #expect(result.output.contains("a\\u001b[2Jb\\u202e.hcl:1:14: error: "), "\(result.output)")
    let broken = try ScratchFolder()
    try broken.write("c.hcl", "policy \"a\u{202E}\" { peering = \"read\" }\n")
    let refused = try GateProcess.run(["check", broken.path], in: broken.path)
    #expect(refused.status == 1)
    #expect(!refused.output.unicodeScalars.contains("\u{202E}"))
    #expect(refused.output.contains("\\u202e"))
  }

  @Test(arguments: ["test", "secret", "password", "changeme", "6a1253d2-1785-24fd-91c2-f8e78c745511", "x"])
  func `the digest of a secret that anybody guesses is a warning in the check and at the start`(
    secret: String
  ) throws {
    let folder = try ScratchFolder()
    let digest = PlainSHA256.digest(of: secret.utf8)
    try folder.write(
      "tokens.hcl",
      """
      token "a" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745599"
        secret_sha256 = ["\(digest)"]
        policies      = []
      }

      """)
    let result = try GateProcess.run(["check", folder.path], in: folder.path)
    #expect(result.status == 2)
    #expect(
      result.output.contains(
        "tokens.hcl:3:20: warning: this is the digest of \"\(secret)\", which anybody guesses"),
      "\(result.output)")
  }

  @Test func `no text of ours shows the digest of a secret that anybody guesses`() throws {
    let files =
      ["README.md"]
      + (try FileManager.default.contentsOfDirectory(
        atPath: GateProcess.repository.appending(path: "policies").path)).map { "policies/\($0)" }
    let guesses = ["", "test", "secret", "password", "changeme", "token"].map {
      PlainSHA256.digest(of: $0.utf8)
    }
    var texts = try files.map {
      try String(contentsOf: GateProcess.repository.appending(path: $0), encoding: .utf8)
    }
    for command in [
      ["--help"], ["token", "--help"], ["token", "new", "--help"], ["token", "digest", "--help"],
    ] {
      texts.append(try GateProcess.run(command, in: FileManager.default.temporaryDirectory.path).output)
    }
    for text in texts {
      for guess in guesses { #expect(!text.contains(guess)) }
    }
  }
}
