// What serve --check says of certificate, key, CA and CRL files: at the setting that names the file, with the line in it.

import Foundation
import Support
import TLS
import Testing

@Suite struct CredentialConfigurationTests {
  private let folder: ScratchFolder
  private let pki: TestPKI
  private let lines: Int

  init() throws {
    folder = try ScratchFolder()
    pki = try TestPKI()
    let (server, key, authority) = try (
      pki.server.certificatePEM, pki.server.privateKeyPEM, pki.authority.certificatePEM
    )
    lines = server.split(separator: "\n").count
    try folder.write("server.pem", server)
    try folder.write("server.key", key)
    try folder.write("ca.pem", authority)
    try folder.write("ca-key.pem", authority + pki.authority.privateKeyPEM)
    try folder.write("indented.pem", server + server.split(separator: "\n").map { " \($0)\n" }.joined())
    try folder.write("reversed.pem", authority + server)
    try folder.write("twice.pem", server + server)
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: []))
    try folder.write("strange.pem", TestPKI().authority.revocationListPEM(of: []))
    try folder.write(
      "stale.pem",
      pki.authority.revocationListPEM(of: [], validity: Validity(fromSeconds: -9_000, untilSeconds: -3_700)))
    let nameless = try pki.authority.issueServer(names: [])
    try folder.write("nameless.pem", nameless.certificatePEM + nameless.privateKeyPEM)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write(
      "policies/a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
  }

  /// Six lines of the `tls` block, of which the first is line 4 of the file.
  private func check(_ tls: [String: String], more: String = "") throws -> (status: Int32, output: String) {
    let settings = ["cert_file", "key_file", "ca_file", "verify_incoming", "crl_file", "crl_expired"]
    let defaults = ["cert_file": "\"server.pem\"", "key_file": "\"server.key\"", "ca_file": "\"ca.pem\""]
    let block = settings.map { name in
      (tls[name] ?? defaults[name]).flatMap { $0.isEmpty ? nil : "    \(name) = \($0)" } ?? "    #"
    }
    let file = try folder.write(
      "peergate.hcl",
      """
      listener {
        address = "127.0.0.1:8501"
        tls {
      \(block.joined(separator: "\n"))
        }
      }
      upstream { address = "http://127.0.0.1:8500" }
      policies = "policies"
      audit { path = "audit.jsonl" }
      \(more)
      """)
    return try GateProcess.run(["serve", "--check", "--config", file])
  }

  @Test func `what is wrong with a file is an error at the setting that names it`() throws {
    let mistakes: [([String: String], place: String, says: String)] = [
      (
        ["cert_file": "\"indented.pem\""], "4:17",
        "indented.pem:\(lines + 1): something stands before the dashes"
      ),
      (["cert_file": "\"reversed.pem\""], "4:17", "expected it before all others"),
      (["ca_file": "\"ca-key.pem\""], "6:15", "a private key stands among the authorities"),
      (["ca_file": "\"crl.pem\""], "6:15", "holds no certificate, only X509 CRL"),
      (["crl_file": "\"nowhere.pem\""], "8:16", "nowhere.pem: no such file"),
      (["crl_file": "[\"crl.pem\", \"nowhere.pem\"]"], "8:28", "nowhere.pem: no such file"),
      (["crl_file": "[\"crl.pem\", \"ca.pem\"]"], "8:28", "ca.pem:1: a block CERTIFICATE is not read here"),
      (["crl_file": "\"strange.pem\""], "8:16", "is not signed by an authority in ca_file"),
      (["crl_file": "\"stale.pem\""], "8:16", "stale.pem:1: the CRL of (CN=Test CA) expired 1 hours ago"),
      (["crl_file": "\"crl.pem\"", "ca_file": ""], "8:16", "crl_file needs ca_file"),
      (["crl_file": "[]"], "3:", "crl_file names no file"),
      (["crl_file": "7"], "8:16", "expected a string or a list of strings"),
      (["crl_expired": "\"warn\""], "9:19", "crl_expired needs crl_file"),
      (["crl_file": "\"crl.pem\"", "crl_expired": "\"ignore\""], "9:19", "must be \"refuse\" or \"warn\""),
    ]
    for (tls, place, says) in mistakes {
      let result = try check(tls)
      #expect(result.status == 1, "\(tls)")
      #expect(result.output.contains("peergate.hcl:\(place)"), "\(tls): \(result.output)")
      #expect(result.output.contains(says), "\(tls): \(result.output)")
    }
  }

  @Test func `what is only suspicious is a warning there`() throws {
    let warnings: [([String: String], place: String, says: String)] = [
      (
        ["cert_file": "\"twice.pem\""], "4:17",
        "twice.pem:\(lines + 1): certificate (CN=peergate) has not issued"
      ),
      (
        ["cert_file": "\"nameless.pem\"", "key_file": "\"nameless.pem\""], "4:17",
        "has no subject alternative name"
      ),
      (["ca_file": "\"server.pem\""], "6:15", "is no authority"),
      (["crl_file": "\"stale.pem\"", "crl_expired": "\"warn\""], "8:16", "expired 1 hours ago"),
    ]
    for (tls, place, says) in warnings {
      let result = try check(tls)
      #expect(result.status == 0, "\(tls): \(result.output)")
      #expect(result.output.contains("peergate.hcl:\(place): warning: "), "\(tls): \(result.output)")
      #expect(result.output.contains(says), "\(tls): \(result.output)")
    }
  }

  @Test(arguments: ["\"100ms\"", "\"1h\""])
  func `the interval of looking at these files is in bounds`(interval: String) throws {
    #expect(try check([:], more: "certificates_watch_interval = \(interval)").status == 0)
  }

  @Test(arguments: ["\"99ms\"", "\"61m\"", "\"often\"", "2"])
  func `and out of bounds`(interval: String) throws {
    let result = try check([:], more: "certificates_watch_interval = \(interval)")
    #expect(result.status == 1)
    #expect(result.output.contains("certificates_watch_interval"))
  }
}
