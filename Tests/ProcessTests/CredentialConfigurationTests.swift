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
    let homeless = try pki.authority.issueServer(names: [.uri("spiffe://a/b"), .email("a@b")])
    try folder.write("homeless.pem", homeless.certificatePEM + homeless.privateKeyPEM)
    try folder.write("weak.pem", UselessAuthorities.weak)
    try folder.write("servers.pem", UselessAuthorities.forServers)
    try folder.write("mysterious.pem", authority + UselessAuthorities.mysterious)
    try folder.write("sha1.pem", pki.authority.revocationListPEM(of: [], isWeaklySigned: true))
    let soon = Validity(fromSeconds: -90_000, untilSeconds: 7_300)
    try folder.write("soon.pem", pki.authority.revocationListPEM(of: [], validity: soon))
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
        "has no DNS name and no IP address as subject alternative name"
      ),
      (
        ["cert_file": "\"homeless.pem\"", "key_file": "\"homeless.pem\""], "4:17",
        "has no DNS name and no IP address as subject alternative name"
      ),
      (["ca_file": "\"server.pem\""], "6:15", "is no authority"),
      (
        ["ca_file": "\"weak.pem\""], "6:15",
        "weak.pem:1: no certificate that (CN=weak) has issued is accepted: its key is too weak"
      ),
      (["ca_file": "\"servers.pem\""], "6:15", "it is not meant for authorities of clients"),
      (["ca_file": "\"mysterious.pem\""], "6:15", "(CN=critical) has issued is accepted: it has a critical"),
      (["crl_file": "\"sha1.pem\""], "8:16", "signed over SHA-1"),
      (["crl_file": "\"soon.pem\""], "8:16", "the CRL of (CN=Test CA) expires in 2 hours"),
      (["crl_file": "\"stale.pem\"", "crl_expired": "\"warn\""], "8:16", "expired 1 hours ago"),
    ]
    for (tls, place, says) in warnings {
      let result = try check(tls)
      #expect(result.status == 0, "\(tls): \(result.output)")
      #expect(result.output.contains("peergate.hcl:\(place): warning: "), "\(tls): \(result.output)")
      #expect(result.output.contains(says), "\(tls): \(result.output)")
    }
  }

  /// A start would find it out only when everything has been read, and end.
  @Test func `what a gate would stumble over at its start is an error`() throws {
    let file = try folder.write(
      "check.hcl",
      """
      listener { address = "no-such-host.invalid:8501"
        tls { cert_file = "server.pem"  key_file = "server.key" } }
      upstream { address = "http://127.0.0.1:8500" }
      policies = "policies"
      audit {
        sink "a" {
          type = "file"
          path = "missing/audit.jsonl"
        }
        sink "b" {
          type = "file"
          path = "policies"
        }
        sink "c" {
          type        = "file"
          path        = "new.jsonl"
          anchor_file = "nowhere/anchors"
        }
      }
      """)
    let result = try GateProcess.run(["serve", "--check", "--config", file])
    #expect(result.status == 1)
    for words in [
      "error: cannot listen on no-such-host.invalid:8501",
      "error: \(folder.path)/missing/audit.jsonl: the folder",
      "error: \(folder.path)/policies: the audit log is a directory",
      "error: \(folder.path)/nowhere/anchors: the folder of the anchor file does not exist",
    ] { #expect(result.output.contains(words), "\(result.output)") }
    #expect(!result.output.contains("new.jsonl") && !result.output.contains(": valid"))
  }

  @Test func `a token whose certificate nobody asks for is warned of, and what a candidate set has`() throws {
    try folder.write(
      "policies/b.hcl",
      """
      token "b" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        policies    = ["a"]
        client_certificate { san_dns = ["b.example.org"] }
      }
      """)
    let candidate = try folder.write(
      "candidate.hcl", "policy \"unused\" { peering = \"read\" }\nanonymous { policies = [] }\n")
    let words = "nobody is recognised as the token that needs one: \"b\""
    let asked = try check([:], more: "shadow_policies = \"\(candidate)\"")
    #expect(asked.status == 0 && !asked.output.contains(words), "\(asked.output)")
    #expect(asked.output.contains("candidate.hcl:1:1: warning: policy \"unused\" is used by no token"))
    let unasked = try check(["ca_file": ""])
    #expect(unasked.status == 0 && unasked.output.contains("warning: the listener has no ca_file"))
    #expect(unasked.output.contains(words), "\(unasked.output)")
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
