// Who may read and write the gate's files: what is refused at the start, what is warned of, what new files have.

import Foundation
import Support
import TLS
import Testing

@Suite struct AuditFileAccessTests {
  private static let isRoot = geteuid() == 0
  private let folder: ScratchFolder
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws { folder = try ScratchFolder() }

  private func failure() throws -> String {
    do {
      _ = try GateProcess(upstream: "http://127.0.0.1:1", auditPath: path)
      Issue.record("the gate has started")
      return ""
    } catch let failure as GateFailedToStart {
      return failure.description
    }
  }

  private func attributes(_ file: String) throws -> (mode: Int?, group: Int?) {
    let found = try FileManager.default.attributesOfItem(atPath: file)
    return (found[.posixPermissions] as? Int, (found[.groupOwnerAccountID] as? NSNumber)?.intValue)
  }

  @Test(.enabled(if: isRoot, "only root can give files away"))
  func `a gate does not start with a file or folder of somebody else's`() throws {
    try folder.write("audit.jsonl", "")
    try #require(unsafe chown(path, 65_534, 65_534) == 0)
    #expect(
      try failure().contains(
        "error: the audit file \"\(path)\" belongs to nobody (uid 65534), who could change what is recorded; the gate "
          + "runs as root (uid 0): chown it to that user or to root, or name another file"))
    try #require(unsafe chown(path, 0, 0) == 0 && chown(folder.path, 65_534, 65_534) == 0)
    #expect(
      try failure().contains(
        "error: the folder \"\(folder.path)\" of the audit file belongs to nobody (uid 65534)"))
  }

  @Test func `a gate does not start with a file or folder that anybody may write to`() throws {
    try folder.write("audit.jsonl", "", permissions: 0o606)
    #expect(
      try failure().contains(
        "error: the audit file \"\(path)\" is writable by every user of this machine"))
    try #require(unsafe chmod(path, 0o600) == 0 && chmod(folder.path, 0o1777) == 0)
    #expect(
      try failure().contains(
        "error: the folder \"\(folder.path)\" of the audit file is writable by every user of this machine"))
  }

  @Test(.enabled(if: isRoot, "only root can give files away"))
  func `a group that may write is warned of at the start`() throws {
    try #require(unsafe chown(folder.path, 0, 65_534) == 0 && chmod(folder.path, 0o770) == 0)
    let gate = try GateProcess(upstream: "http://127.0.0.1:1", auditPath: path)
    #expect(gate.log.contains("warning"))
    #expect(
      gate.log.contains("the members of its folder's group may put other files in its place; chmod g-w"))
  }

  @Test(.enabled(if: isRoot, "only root can give files away"))
  func `mode and group are those of the live file and of those after it`() throws {
    let gate = try GateProcess(
      upstream: "http://127.0.0.1:1", auditPath: path,
      auditMore: "mode = \"0640\"\ngroup = \"nogroup\"\nrotate_bytes = 4096")
    for _ in 0..<8 { _ = try gate.request(get("/v1/peering/hub", token: Token.administrator)) }
    #expect(gate.stop() == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count > 1)
    for name in names {
      let found = try attributes(folder.path + "/" + name)
      #expect(found.mode == 0o640 && found.group == 65_534, "\(name): \(found)")
    }
  }

  @Test func `a umask takes nothing of the mode away`() throws {
    let files = try TestGateFiles(in: folder, audit: "path = \"\(path)\"\n  mode = \"0644\"")
    let process = try GateProcess.start(
      ["serve", "--config", files.config], log: folder.path + "/log",
      under: ["/bin/sh", "-c", "umask 077; exec \"$@\"", "sh"])
    defer { process.terminate() }
    #expect(eventually { (try? attributes(path).mode) == 0o644 })
  }

  /// Without root's rights, which may give files to any group.
  @Test(
    .enabled(if: isRoot && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), "needs setpriv"))
  func `a group that the gate is no member of is refused at the start`() throws {
    let gate = try TestGateFiles(in: folder, audit: "path = \"\(path)\"\n  group = \"adm\"")
    try #require(unsafe chown(folder.path, 65_534, 65_534) == 0)
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      try #require(unsafe chown(folder.path + "/" + file, 65_534, 65_534) == 0)
    }
    let log = folder.path + "/../\(UUID().uuidString).log"
    defer { try? FileManager.default.removeItem(atPath: log) }
    let process = try GateProcess.start(
      ["serve", "--config", gate.config], log: log,
      under: ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
    process.waitUntilExit()
    let output = try String(contentsOfFile: log, encoding: .utf8)
    #expect(process.terminationStatus != 0)
    #expect(
      output.contains(
        "error: the audit file \"\(path)\" cannot be of the group \"adm\": the gate runs as nobody (uid 65534), "
          + "which is no member of it"), "\(output)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `--check tells what is no mode and no group, with its place`() throws {
    let files = try TestGateFiles(
      in: folder, audit: "path = \"audit.jsonl\"\n  mode = \"0660\"\n  group = \"no-such-group\"")
    let result = try GateProcess.run(["serve", "--check", "--config", files.config])
    #expect(result.status != 0)
    #expect(result.output.contains("peergate.hcl:9:10: error: mode must be \"0600\", \"0640\" or \"0644\""))
    #expect(result.output.contains("peergate.hcl:10:11: error: there is no group \"no-such-group\""))
  }

  @Test func `--check and the start warn of secrets that everybody reads, and of what everybody may change`()
    throws
  {
    let files = try TestGateFiles(
      in: folder, audit: "path = \"\(path)\"\n  key_file = \"audit.key\"", token: "token")
    try folder.write("token", "a-token\n", permissions: 0o604)
    _ = try GateProcess.run(["audit", "keygen", folder.path + "/audit.key"])
    let calm = try GateProcess.run(["serve", "--check", "--config", files.config])
    #expect(calm.output.contains("token: every user of this machine can read the token; chmod 600 it"))
    #expect(!calm.output.contains("audit.key: every"))
    for (name, mode) in [("audit.key", 0o644), ("server.key", 0o644), ("server.pem", 0o666)] {
      try #require(unsafe chmod(folder.path + "/" + name, mode_t(mode)) == 0)
    }
    try #require(unsafe chmod(files.config, 0o646) == 0)
    let result = try GateProcess.run(["serve", "--check", "--config", files.config])
    #expect(result.status == 0, "\(result.output)")
    let process = try GateProcess.start(["serve", "--config", files.config], log: folder.path + "/log")
    defer { process.terminate() }
    let log = { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }
    #expect(eventually { log().contains("serving") })
    for output in [result.output, log()] {
      for sentence in [
        "peergate.hcl:1:1: warning: every user of this machine can change it; chmod o-w it",
        "token: every user of this machine can read the token; chmod 600 it",
        "audit.key: every user of this machine can read the key; chmod 600 it",
        "server.key: every user of this machine can read the private key; chmod 600 it",
        "server.pem: every user of this machine can change it; chmod o-w it",
      ] {
        #expect(output.contains(sentence), "\(sentence) not in \(output)")
      }
    }
    // Members of a group are the operator's choice.
    for name in ["audit.key", "token", "server.key"] {
      try #require(unsafe chmod(folder.path + "/" + name, 0o640) == 0)
    }
    let group = try GateProcess.run(["serve", "--check", "--config", files.config])
    #expect(!group.output.contains("can read"), "\(group.output)")
  }
}

/// A configuration with all its files in one folder.
private struct TestGateFiles {
  let config: String

  init(in folder: ScratchFolder, audit: String, token: String? = nil) throws {
    let pki = try TestPKI()
    try folder.write("server.pem", pki.server.certificatePEM)
    try folder.write("server.key", pki.server.privateKeyPEM)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write(
      "policies/a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    config = try folder.write(
      "peergate.hcl",
      """
      listener {
        address = "127.0.0.1:0"
        tls { cert_file = "server.pem"
              key_file = "server.key" }
      }
      upstream { address = "http://127.0.0.1:1"\(token.map { "\n token_file = \"\($0)\" }" } ?? " }")
      audit {
        \(audit)
      }
      policies = "policies"
      """)
  }
}
