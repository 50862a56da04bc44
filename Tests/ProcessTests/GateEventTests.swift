// What happens to the gate and its log, as the record tells it: reloads with the files that changed, sinks, keys, clocks.

import Digests
import Foundation
import Support
import TLS
import Testing

@Suite struct GateEventTests {
  private let folder: ScratchFolder
  private let upstream: RecordingUpstream
  private var audit: String { folder.path + "/audit.jsonl" }

  init() throws {
    folder = try ScratchFolder()
    upstream = try RecordingUpstream { _ in .json("{}") }
  }

  private static let open = "policy \"p\" { peering = \"read\" }\nanonymous { policies = [\"p\"] }\n"
  private static let read = get("/v1/peering/hub")

  private func digest(_ file: String) throws -> String {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
    return SHA256.digest(of: bytes.span).hexadecimal
  }

  private struct Change {
    let kind: String
    let before: String?
    let after: String?
  }

  /// Of the last reload, by the last part of the file's name.
  private func changes(after reload: Int) throws -> [String: Change] {
    var events: [[String: Any]] = []
    #expect(
      try eventually {
        events = try AuditLog.events("gate-reload", in: audit)
        return events.count == reload
      })
    let files = events.last?["files"] as? [[String: Any]] ?? []
    return Dictionary(
      files.map { file in
        let name = (file["file"] as? String ?? "").split(separator: "/").last ?? ""
        return (
          String(name),
          Change(
            kind: file["kind"] as? String ?? "", before: file["before"] as? String,
            after: file["after"] as? String)
        )
      },
      uniquingKeysWith: { $0.kind == "key" ? $0 : $1 })
  }

  @Test func `a reload names every file that changed, with its digests, and no secret's`() throws {
    let pki = try TestPKI()
    try folder.write("ca.pem", pki.authority.certificatePEM)
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: []))
    try folder.write("token", "the-gate-s-own-token\n")
    let gate = try GateProcess(
      upstream: "address = \"\(upstream.address)\"\n token_file = \"\(folder.path)/token\"",
      policies: Self.open,
      listener: "ca_file = \"\(folder.path)/ca.pem\"  crl_file = \"\(folder.path)/crl.pem\"",
      auditPath: audit, pki: pki)
    let config = gate.folder.path + "/peergate.hcl"
    let files = [
      config, gate.folder.path + "/policies/test.hcl", folder.path + "/crl.pem", pki.serverCertificateFile,
    ]
    gate.signal(SIGHUP)
    #expect(try changes(after: 1).isEmpty, "nothing has changed")

    let before = try files.map { try digest($0) }
    let text = try String(contentsOfFile: config, encoding: .utf8)
    try gate.folder.write("peergate.hcl", text + "\n# other\nlimits { connections = 77 }\n")
    try gate.folder.write("policies/test.hcl", Self.open + "# other\n")
    try gate.folder.write("policies/more.hcl", "policy \"q\" { peering = \"read\" }\n")
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: [pki.client("bad")]))
    try folder.write("token", "the-gate-s-new-token\n")
    let other = try pki.authority.issueServer(names: [.dns("localhost"), .ip("127.0.0.1")])
    let secret = try digest(pki.serverKeyFile)
    try Data(other.certificatePEM.utf8).write(to: URL(filePath: pki.serverCertificateFile))
    try Data(other.privateKeyPEM.utf8).write(to: URL(filePath: pki.serverKeyFile))
    gate.signal(SIGHUP)
    let found = try changes(after: 2)
    let kinds = ["configuration", "policy", "revocations", "certificate"]
    for (index, file) in files.enumerated() {
      let change = try #require(found[String(file.split(separator: "/").last ?? "")])
      #expect(change.kind == kinds[index])
      #expect(try change.before == before[index] && change.after == digest(file), "\(file)")
    }
    let policy = try #require(found["more.hcl"])
    #expect(try policy.before == nil && policy.after == digest(gate.folder.path + "/policies/more.hcl"))
    let token = try #require(found["token"])
    #expect(token.kind == "token" && token.before == nil && token.after == nil)
    let key = try #require(found["server-key.pem"])
    #expect(key.kind == "key" && key.before != nil && key.after != nil && key.before != key.after)
    #expect(found.count == 7 && found["ca.pem"] == nil)
    let restart = try AuditLog.events("gate-reload", in: audit).last?["restart_needed"] as? [String]
    #expect(restart == ["limits"])
    // Nor does any digest stand there from which a secret could be guessed.
    let log = try String(contentsOfFile: audit, encoding: .utf8)
    for bytes in [
      "the-gate-s-new-token\n", "the-gate-s-new-token", "the-gate-s-own-token", "the-gate-s-own-token\n",
    ] {
      #expect(!log.contains(SHA256.digest(of: bytes).hexadecimal))
    }
    #expect(try !log.contains(secret) && !log.contains(digest(pki.serverKeyFile)))
    #expect(gate.stop() == 0)
    let verified = try GateProcess.run(["audit", "verify", audit])
    #expect(verified.status == 0, "\(verified.output)")
    let report = try GateProcess.run(["audit", "report", audit])
    #expect(
      report.output.contains("more.hcl") && report.output.contains(policy.after ?? "-"), "\(report.output)")
  }

  @Test func `of a key and its certificate in one file no digest of the bytes is told`() throws {
    let pki = try TestPKI()
    let gate = try GateProcess(upstream: upstream.address, policies: Self.open, auditPath: audit, pki: pki)
    let file = pki.serverCertificateFile
    try Data((pki.server.certificatePEM + pki.server.privateKeyPEM).utf8).write(to: URL(filePath: file))
    let config = gate.folder.path + "/peergate.hcl"
    let settings = try String(contentsOfFile: config, encoding: .utf8)
    try gate.folder.write("peergate.hcl", settings.replacing(pki.serverKeyFile, with: file))
    gate.signal(SIGHUP)
    let found = try changes(after: 1)
    let (old, new) = try (#require(found["server-key.pem"]), #require(found["server.pem"]))
    #expect(old.kind == "key" && old.before != nil && old.after == nil)
    #expect(new.kind == "key" && new.before == nil && new.after == old.before, "one public key")
    #expect(try !String(contentsOfFile: audit, encoding: .utf8).contains(digest(file)))
  }

  @Test func `a sink that is lost and back is told in the other one, with numbers`() throws {
    let place = folder.path + "/collector"
    let first = try AuditCollector(path: place)
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.open, auditPath: audit,
      audit: """
        require = "any"
        sink "file" { type = "file"
          path = "\(audit)" }
        sink "collector" { type = "socket"
          address = "\(first.address)" }
        """)
    #expect(try gate.request(Self.read).status == 200)
    first.stop()
    try FileManager.default.removeItem(atPath: place)
    for _ in 0..<10 { #expect(try gate.request(Self.read).status == 200) }
    #expect(try eventually { try !AuditLog.events("gate-sink-lost", in: audit).isEmpty })
    let second = try AuditCollector(path: place)
    #expect(try eventually { try !AuditLog.events("gate-sink-back", in: audit).isEmpty })
    #expect(gate.stop() == 0)
    let lost = try #require(try AuditLog.events("gate-sink-lost", in: audit).first)
    #expect(lost["sink"] as? String == first.address && lost["waiting"] is Int)
    #expect((lost["reason"] as? String)?.isEmpty == false)
    let back = try #require(try AuditLog.events("gate-sink-back", in: audit).first)
    #expect(back["sink"] as? String == first.address && back["since"] is String)
    #expect(back["lost"] as? Int ?? 0 >= 9)
    #expect(eventually { second.text.contains("audit-gap") })
    #expect(!second.text.contains("gate-sink-"), "its own log has the gap")
    let report = try GateProcess.run(["audit", "report", audit])
    #expect(report.output.contains("gate-sink-back") && report.output.contains("sink=\(first.address)"))
  }

  @Test func `a key that was changed stands in the opening record, with the one before`() throws {
    let keys = ["one", "two"].map { folder.path + "/" + $0 }
    for key in keys { #expect(try GateProcess.run(["audit", "keygen", key]).status == 0) }
    for key in [keys[0], keys[0], keys[1], nil] {
      let gate = try GateProcess(
        upstream: upstream.address, policies: Self.open, auditPath: audit,
        auditMore: key.map { "key_file = \"\($0)\"" } ?? "")
      #expect(try gate.request(Self.read).status == 200)
      #expect(gate.stop() == 0)
    }
    let openings = try AuditLog.events("audit-open", in: audit)
    let used = openings.map { $0["key"] as? String }
    #expect(used[0] == used[1] && used[1] != used[2] && used[3] == nil)
    #expect(openings.map { $0["previous_key"] as? String } == [nil, nil, used[0], used[2]])
    let verified = try GateProcess.run(["audit", "verify", audit])
    #expect(verified.status == 0, "\(verified.output)")
    let report = try GateProcess.run(["audit", "report", audit])
    #expect(report.output.contains("audit key changed"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cc"), "needs a C compiler"))
  func `a clock that is set back is on record, with both times`() throws {
    let (library, switched) = (folder.path + "/clock.so", folder.path + "/back")
    let source = try folder.write(
      "clock.c",
      """
      #define _GNU_SOURCE
      #include <sys/syscall.h>
      #include <time.h>
      #include <unistd.h>
      int clock_gettime(clockid_t id, struct timespec *time) {
        int result = syscall(SYS_clock_gettime, id, time);
        if (id == CLOCK_REALTIME && access("\(switched)", F_OK) == 0) time->tv_sec -= 7200;
        return result;
      }
      """)
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/cc")
    compiler.arguments = ["-shared", "-fPIC", "-o", library, source]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)

    let key = folder.path + "/key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.open, auditPath: audit, auditMore: "key_file = \"\(key)\"",
      under: ["/usr/bin/env", "LD_PRELOAD=\(library)"])
    #expect(try gate.request(Self.read).status == 200)
    #expect(try AuditLog.events("gate-clock-set-back", in: audit).isEmpty)
    try folder.write("back", "")
    #expect(try gate.request(Self.read).status == 200)
    #expect(try eventually { try !AuditLog.events("gate-clock-set-back", in: audit).isEmpty })
    #expect(try gate.request(Self.read).status == 200)
    #expect(gate.stop() == 0)
    let events = try AuditLog.events("gate-clock-set-back", in: audit)
    #expect(events.count == 1)
    let parse = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let times = try ["from", "to"].map { try parse.parse(try #require(events[0][$0] as? String)) }
    #expect(abs(times[0].timeIntervalSince(times[1]) - 7_200) < 5)
    #expect(
      gate.hasLogged("the clock was set back by 7200 s") || gate.hasLogged("the clock was set back by 7199 s")
    )
    let verified = try GateProcess.run(["audit", "verify", "--public-key", key + ".pub", audit])
    #expect(verified.status == 0, "\(verified.output)")
    let report = try GateProcess.run(["audit", "report", audit])
    #expect(report.output.contains("gate-clock-set-back"))
  }
}
