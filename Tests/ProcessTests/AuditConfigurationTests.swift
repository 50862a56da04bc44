// serve --check on the audit block's anchors and ages: what is valid, limits, and mistakes with their places.

import Foundation
import Support
import TLS
import Testing

@Suite struct AuditConfigurationTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let pki = try TestPKI()
    try folder.write("server.pem", pki.server.certificatePEM)
    try folder.write("server.key", pki.server.privateKeyPEM)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write("policies/a.hcl", "policy \"a\" { peering = \"read\" }\nanonymous { policies = [] }\n")
  }

  /// The body of the audit block begins on line 10.
  private func check(_ audit: String) throws -> (status: Int32, output: String) {
    let text = """
      listener {
        address = "127.0.0.1:8501"
        tls {
          cert_file = "server.pem"
          key_file  = "server.key"
        }
      }
      upstream { address = "unix:///run/consul.sock" }
      audit {
      \(audit)
      }
      policies = "policies"
      """
    let file = try folder.write("peergate.hcl", text)
    return try GateProcess.run(["serve", "--check", "--config", file])
  }

  private static let file = "path = \"audit.jsonl\""
  private static func syslog(_ line: String) -> String {
    "sink \"siem\" {\n type = \"syslog\"\n address = \"tcp://127.0.0.1:601\"\n \(line)\n}"
  }
  private static let fileSink = "sink \"file\" {\n type = \"file\"\n path = \"audit.jsonl\"\n}"

  @Test(arguments: [
    file + "\nanchor_file = \"anchors\"", file + "\nanchor_file = \"/tmp/anchors\"",
    file + "\nanchor_file = \"anchors\"\nanchor_interval = \"1s\"",
    file + "\nanchor_file = \"anchors\"\nanchor_interval = \"1h30m\"",
    file + "\nanchor_file = \"anchors\"\nanchor_interval = \"8784h\"",
    file + "\nrotate_min_age = \"0s\"", file + "\nrotate_min_age = \"720h\"",
    file + "\nrotate_min_age = \"878400h\"",
    fileSink + "\n" + syslog("anchor_interval = \"1s\""),
    fileSink + "\n" + syslog("anchor_interval = \"8784h\""),
  ])
  func `what is valid is said to be so`(_ audit: String) throws {
    let result = try check(audit)
    #expect(result.status == 0 && result.output.contains("peergate.hcl:"), "\(audit)\n\(result.output)")
  }

  /// The audit block's lines, where the complaint points, and what it says.
  static let mistakes: [(String, place: String, says: String)] = [
    (
      file + "\nanchor_file = \"anchors\"\nanchor_interval = \"999ms\"", "12:19",
      "out of range, expected \"1s\" to"
    ),
    (file + "\nanchor_file = \"anchors\"\nanchor_interval = \"0s\"", "12:19", "out of range"),
    (file + "\nanchor_file = \"anchors\"\nanchor_interval = \"8784h1s\"", "12:19", "to \"8784h\""),
    (
      file + "\nanchor_file = \"anchors\"\nanchor_interval = \"hourly\"", "12:19",
      "expected one as in \"10s\""
    ),
    (file + "\nanchor_file = \"anchors\"\nanchor_interval = \"-1h\"", "12:19", "expected one as in \"10s\""),
    (file + "\nanchor_file = \"anchors\"\nanchor_interval = 3600", "12:19", "a duration as in \"10s\""),
    (file + "\nanchor_file = 1", "11:15", "expected a string"),
    (file + "\nanchor_file = \"\"", "11:15", "anchor_file is empty"),
    (file + "\nanchor_interval = \"1h\"", "11:19", "needs an anchor_file"),
    (file + "\nanchors_file = \"anchors\"", "11:1", "\"anchor_file\""),
    (file + "\nrotate_min_age = \"878400h1s\"", "11:18", "expected \"0s\" to \"878400h\""),
    (file + "\nrotate_min_age = \"30d\"", "11:18", "expected one as in \"10s\""),
    (file + "\nrotate_min_age = \"-1s\"", "11:18", "expected one as in \"10s\""),
    (file + "\nrotate_min_age = 30", "11:18", "a duration as in \"10s\""),
    (file + "\nrotate_min_age = \"\"", "11:18", "expected one as in \"10s\""),
    (file + "\nrotate_min_age = \"1h\"\nrotate_min_age = \"2h\"", "12:1", "second time"),
    (fileSink + "\n" + syslog("anchor_interval = \"0s\""), "17:20", "out of range"),
    (fileSink + "\n" + syslog("anchor_interval = \"8784h1s\""), "17:20", "out of range"),
    (fileSink + "\n" + syslog("anchor_file = \"anchors\""), "17:2", "unknown key \"anchor_file\""),
    (fileSink + "\n" + syslog("rotate_min_age = \"1h\""), "17:2", "unknown key \"rotate_min_age\""),
    (syslog("anchor_interval = \"1h\""), "13:20", "of which there is none"),
    (
      fileSink + "\n" + fileSink.replacingOccurrences(of: "audit", with: "second") + "\n"
        + syslog("anchor_interval = \"1h\""), "21:20", "more than one; use their anchor_file"
    ),
    (
      fileSink + "\nsink \"plain\" {\n type = \"socket\"\n address = \"tcp://127.0.0.1:601\"\n"
        + " anchor_interval = \"1h\"\n}",
      "17:2", "unknown key \"anchor_interval\""
    ),
  ]

  @Test(arguments: mistakes.indices) func `a mistake is told with its place`(number: Int) throws {
    let (audit, place, says) = Self.mistakes[number]
    let result = try check(audit)
    #expect(result.status == 1, "\(audit)\n\(result.output)")
    let first = result.output.split(separator: "\n").first { $0.contains(": error:") } ?? ""
    #expect(first.contains("/peergate.hcl:\(place): ") && first.contains(says), "\(audit)\n\(result.output)")
  }
}
