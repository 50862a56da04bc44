// Settings that name something which is no file, or which never ends.

import Foundation
import Support
import TLS
import Testing

@Suite struct OddFileTests {
  /// Each with the place where a name goes.
  private static let settings = [
    "cert_file = \"server.pem\"", "key_file = \"server.key\"", "ca_file = \"ca.pem\"",
    "crl_file = \"crl.pem\"",
    "token_file = \"token\"", "key_file = \"audit.key\"",
  ]

  private let folder: ScratchFolder
  private let pki: TestPKI

  init() throws {
    folder = try ScratchFolder()
    pki = try TestPKI()
    try folder.write("server.pem", pki.server.certificatePEM)
    try folder.write("server.key", pki.server.privateKeyPEM)
    try folder.write("ca.pem", pki.authority.certificatePEM)
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: []))
    try folder.write("token", "5d41402a-bc4b-2a76-b971-9d911017c592\n")
    #expect(try GateProcess.run(["audit", "keygen", "audit.key"], in: folder.path).status == 0)
    #expect(unsafe mkfifo(folder.path + "/pipe", 0o600) == 0)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write(
      "policies/a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
  }

  private static let good = """
    listener {
      address = "127.0.0.1:0"
      tls {
        cert_file = "server.pem"
        key_file = "server.key"
        ca_file = "ca.pem"
        crl_file = "crl.pem"
      }
    }
    upstream {
      address = "http://127.0.0.1:1"
      token_file = "token"
    }
    policies = "policies"
    audit {
      path = "audit.jsonl"
      key_file = "audit.key"
    }

    """

  private func check(_ text: String) throws -> (status: Int32, output: String) {
    let file = try folder.write("peergate.hcl", text)
    return try GateProcess.run(["serve", "--check", "--config", file])
  }

  @Test func `files are files`() throws {
    let result = try check(Self.good)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(arguments: settings, ["pipe", "/dev/zero", "policies", "/dev/stdin"])
  func `what is no file is told at its setting, and neither waited for nor read`(
    setting: String, name: String
  ) throws {
    let start = setting.prefix { $0 != "\"" }
    let result = try check(Self.good.replacing(setting, with: "\(start)\"\(name)\""))
    #expect(result.status == 1)
    #expect(
      result.output.contains(name == "policies" ? "is a directory" : "is a pipe or a device"),
      "\(result.output)")
    #expect(result.output.contains("peergate.hcl:"))
  }

  @Test(arguments: ["pipe", "/dev/zero", "policies"])
  func `a configuration, a key and a policy folder that are no file are told so`(name: String) throws {
    var commands = [["serve", "--check", "--config", name]]
    // Anyone who asks may hand a key over by a pipe, and waits for it; all else is told at once.
    if name != "pipe" { commands.append(["audit", "verify", "--public-key", name, "audit.jsonl"]) }
    for command in commands {
      let result = try GateProcess.run(command, in: folder.path)
      #expect(result.status != 0 && result.output.contains(name), "\(command): \(result.output)")
    }
    if name != "policies" {
      #expect(try GateProcess.run(["check", name], in: folder.path).status == 1)
      let file = folder.path + "/policies/b.hcl"
      #expect(unsafe symlink(name.first == "/" ? name : folder.path + "/" + name, file) == 0)
      let result = try GateProcess.run(["check", "policies"], in: folder.path)
      #expect(result.status == 1 && result.output.contains("is not a regular file"), "\(result.output)")
    }
  }

  @Test func `a public key comes by a pipe as well`() throws {
    let log = folder.path + "/output"
    let process = try GateProcess.start(
      ["audit", "verify", "--public-key", "/dev/stdin", "nowhere.jsonl"], log: log, in: folder.path,
      under: ["/bin/sh", "-c", "cat audit.key.pub | \"$0\" \"$@\""])
    process.waitUntilExit()
    let output = try String(contentsOfFile: log, encoding: .utf8)
    #expect(output.contains("nowhere.jsonl") && !output.contains("/dev/stdin"), "\(output)")
  }

  @Test func `a pipe in the place of a certificate does not hold the reload`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let file = try folder.write(
      "peergate.hcl", Self.good.replacing("http://127.0.0.1:1", with: upstream.address))
    let log = folder.path + "/log"
    let process = try GateProcess.start(["serve", "--config", file], log: log)
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    func hasLogged(_ text: String) -> Bool {
      eventually { ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").contains(text) }
    }
    #expect(hasLogged("address="))
    for (name, complaint) in [("server.pem", "is a pipe or a device"), ("token", "it is a pipe or a device")]
    {
      #expect(unsafe rename("\(folder.path)/\(name)", "\(folder.path)/kept") == 0)
      #expect(unsafe mkfifo("\(folder.path)/\(name)", 0o600) == 0)
      kill(process.processIdentifier, SIGHUP)
      #expect(hasLogged(complaint), "\(name)")
      #expect(unsafe rename("\(folder.path)/kept", "\(folder.path)/\(name)") == 0)
    }
    #expect(process.isRunning)
  }

  @Test func `a token of Consul's that is short or known to all is a warning`() throws {
    for (token, complaint) in [
      ("root", "the token is \"root\", which anybody guesses"), ("Consul123!", "which anybody guesses"),
      ("8f246b77-f3e1-ff88-5b48-8ec93abf3e05", "which anybody guesses"), ("zW4kQ9", "the token has 6 bytes"),
    ] {
      try folder.write("token", token + "\n")
      let result = try check(Self.good)
      #expect(result.output.contains("peergate.hcl:12:16: warning: token: "), "\(result.output)")
      #expect(result.output.contains(complaint), "\(result.output)")
    }
  }
}
