// Where the log stands, told to a collector elsewhere, and read out of its file when somebody asks.

import Foundation
import Support
import Testing

@Suite struct AuditAnchorTests {
  private let folder: ScratchFolder
  private let upstream: RecordingUpstream
  private let key: String
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
    key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
  }

  private func verify(_ arguments: String...) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "verify", "--public-key", key + ".pub"] + arguments)
  }

  /// One run with a collector, and the file that a syslog daemon makes of what came.
  private func run(asking count: Int, interval: String = "1h") throws -> String {
    let collector = try AuditCollector()
    let gate = try GateProcess(
      upstream: upstream.address, more: "name = \"edge-1\"", auditPath: path,
      audit: """
        key_file = "\(key)"
        sink "file" { type = "file"
          path = "\(path)" }
        sink "siem" { type = "syslog"
          address = "\(collector.address)"
          hostname = "machine"
          anchor_interval = "\(interval)" }
        """)
    for _ in 0..<count {
      #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    }
    #expect(gate.stop() == 0)
    // The last anchor is the last number, which the file has by now.
    let last = try #require(try AuditLog.numbers(path).last)
    #expect(eventually { collector.text.contains(" anchor - gate=edge-1 \(last) ") })
    #expect(eventually { collector.text.contains("audit-close") })
    return try daemonsFile(collector.streams)
  }

  /// Messages counted off (RFC 6587) become lines, among those of other programs.
  private func daemonsFile(_ streams: [[UInt8]]) throws -> String {
    var lines = ["Nov 30 08:59:59 machine sshd[7]: Connection closed by 10.0.0.9 port 40112"]
    for stream in streams {
      var rest = stream[...]
      while !rest.isEmpty {
        let digits = rest.prefix { $0 != 0x20 }
        let count = try #require(Int(String(decoding: digits, as: UTF8.self)))
        lines.append(String(decoding: rest.dropFirst(digits.count + 1).prefix(count), as: UTF8.self))
        rest = rest.dropFirst(digits.count + 1 + count)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func `a collector's file shows that the end was cut off or all was written anew`() throws {
    let syslog = try folder.write("syslog", try run(asking: 5))
    let sound = try verify("--anchors", syslog, path)
    #expect(sound.status == 0, "\(sound.output)")
    let found = #/anchors found: [12], the last at number /#
    #expect(sound.output.firstMatch(of: found) != nil, "\(sound.output)")
    // Every record went to the collector as well; each is a line that is no anchor, and so is the daemon's own.
    #expect(sound.output.contains("other lines among the anchors: "))
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let cut = try folder.write("cut.jsonl", lines.dropLast(3).joined(separator: "\n") + "\n")
    #expect(try verify(cut).status == 0, "the file alone cannot show it")
    let result = try verify("--anchors", syslog, cut)
    #expect(result.status == 1 && result.output.contains("its end was cut off"), "\(result.output)")
    // Signed by the right key, and another history.
    try FileManager.default.removeItem(atPath: path)
    _ = try run(asking: 9)
    #expect(try verify(path).status == 0)
    let anew = try verify("--anchors", syslog, path)
    #expect(anew.status == 1 && anew.output.contains("the log was rewritten"), "\(anew.output)")
  }

  @Test func `anchors come by the interval while something is recorded`() throws {
    let collector = try AuditCollector()
    let gate = try GateProcess(
      upstream: upstream.address, auditPath: path,
      audit: """
        sink "file" { type = "file"
          path = "\(path)" }
        sink "siem" { type = "syslog"
          address = "\(collector.address)"
          anchor_interval = "1s" }
        """)
    func anchors() -> Int { collector.text.matches(of: #/ anchor - gate=/#).count }
    #expect(
      try eventually {
        _ = try gate.request(get("/v1/peering/hub", token: Token.administrator))
        return anchors() >= 3
      })
    #expect(gate.stop() == 0)
  }

  @Test func `a collector that is away costs neither answers nor the anchor`() throws {
    let socket = folder.path + "/collector"
    let anchors = """
      require = "any"
      sink "file" { type = "file"
        path = "\(path)" }
      sink "siem" { type = "syslog"
        address = "unix://\(socket)"
        delivery_guarantee = "best-effort"
        anchor_interval = "1h" }
      """
    let gate = try GateProcess(upstream: upstream.address, auditPath: path, audit: anchors)
    #expect(try gate.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(gate.hasLogged("no anchor was written"))
    let collector = try AuditCollector(path: socket)
    #expect(gate.stop() == 0)
    #expect(eventually { collector.text.contains(" anchor - gate=") })
  }

  @Test func `what is no anchor, or is of another log, is told and not taken for a check`() throws {
    _ = try run(asking: 3)
    let none = try folder.write("none", "Nov 30 09:00:00 machine sshd[7]: nothing\nof that kind\n")
    let without = try verify("--anchors", none, path)
    #expect(without.status == 2 && without.output.contains("holds no anchor in 2 lines"), "\(without.output)")
    #expect(try verify("--anchors", try folder.write("empty", ""), path).status == 2)
    let digits = String(repeating: "ab", count: 32)
    let others = try folder.write("others", "gate=edge-2 3 \(digits)\ngate=edge-3 900 \(digits)\n")
    let other = try verify("--anchors", others, path)
    #expect(
      other.status == 2
        && other.output.contains("its anchors are of edge-2, edge-3; this log is of edge-1"),
      "\(other.output)")
    let unnamed = try verify("--anchors", try folder.write("unnamed", "3 \(digits)\n"), path)
    #expect(unnamed.status == 1, "\(unnamed.output)")
  }

  @Test func `the command prints the name, too, and its line is an anchor`() throws {
    _ = try run(asking: 3)
    let printed = try GateProcess.run(["audit", "anchor", path])
    #expect(
      printed.status == 0 && printed.output.wholeMatch(of: #/gate=edge-1 \d+ [0-9a-f]{64}\n/#) != nil,
      "\(printed.output)")
    let json = try verify("--json", "--anchors", try folder.write("anchors", printed.output), path)
    #expect(json.status == 0 && json.output.contains("\"anchors_found\":1,\"anchors_of_others\":0"))
  }
}
