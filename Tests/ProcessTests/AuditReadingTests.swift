// audit tail and audit query, as somebody uses them who has a log and a question.

import Foundation
import Support
import Testing

@Suite struct AuditReadingTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    gate = try GateProcess(upstream: upstream.address)
    for text in [
      get("/v1/peering/hub", token: Token.administrator), get("/v1/peering/hub", token: Token.reader),
      request("DELETE", "/v1/peering/cluster-02", token: Token.owner), get("/v1/kv/a", token: Token.reader),
      get("/v1/\(String(repeating: "long/", count: 60))"),
    ] { _ = try gate.request(text) }
  }

  private func query(_ arguments: String...) throws -> (status: Int32, lines: [Substring]) {
    let result = try GateProcess.run(["audit", "query"] + arguments + [gate.auditPath])
    return (result.status, result.output.split(separator: "\n"))
  }

  @Test func `conditions are joined by and, and the exit status says whether anything was found`() throws {
    #expect(try query("--subject", "docs-reader").lines.count == 2)
    let denied = try query("--subject", "docs-reader", "--peer", "hub", "--decision", "deny", "--since", "1h")
    #expect(denied.status == 0 && denied.lines.count == 1)
    #expect(denied.lines.first?.contains("docs-reader     read      hub            deny   403") == true)
    #expect(try query("--peer", "hub", "--until", "1h").status == 1)
    #expect(try query("--peer", "nobody").status == 1)
    #expect(try query("--since", "yesterday").status > 1)
    #expect(try GateProcess.run(["audit", "query", "--peer", "hub", "/nowhere"]).status == 2)
  }

  @Test func `json is the lines as they stand in the file`() throws {
    let found = try query("--json", "--operation", "delete")
    let log = try String(contentsOfFile: gate.auditPath, encoding: .utf8).split(separator: "\n")
    #expect(found.lines.count == 2)
    #expect(found.lines.allSatisfy { log.contains($0) })
  }

  @Test func `tail shows the end, readable, with what the gate says of itself`() throws {
    gate.stop()
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", gate.auditPath])
    let lines = tail.output.split(separator: "\n")
    #expect(tail.status == 0)
    #expect(lines.contains { $0.contains("gate-start address=127.0.0.1:") }, "\(tail.output)")
    #expect(lines.contains { $0.contains("docs-cluster-02 delete    cluster-02     allow  ...") })
    #expect(lines.last?.contains("audit-close cause=stop") == true)
    #expect(lines.allSatisfy { $0.count < 300 }, "a column pushes the others off the screen")
    #expect(
      try GateProcess.run(["audit", "tail", "--no-follow", "-n", "2", gate.auditPath]).output.split(
        separator: "\n"
      ).count == 2)
  }

  @Test func `tail follows the log over a rename`() throws {
    let scratch = try ScratchFolder()
    let tail = try GateProcess.start(
      ["audit", "tail", "-n", "0", gate.auditPath], log: scratch.path + "/out")
    defer {
      tail.terminate()
      tail.waitUntilExit()
    }
    let shown = { try String(contentsOfFile: scratch.path + "/out", encoding: .utf8) }
    // It has begun to follow once a line that is new is there.
    #expect(
      try eventually(within: 20) {
        _ = try gate.request(get("/v1/peering/first", token: Token.administrator))
        return try shown().contains("first")
      })
    try FileManager.default.moveItem(atPath: gate.auditPath, toPath: gate.auditPath + ".1")
    gate.signal(SIGUSR1)
    _ = try gate.request(get("/v1/peering/second", token: Token.administrator))
    #expect(try eventually(within: 20) { try shown().contains("second") })
  }

  @Test func `tail ends when it is told to, also if whoever started it takes no signals`() throws {
    let scratch = try ScratchFolder()
    let tail = try GateProcess.start(
      ["audit", "tail", gate.auditPath], log: scratch.path + "/out",
      under: ["/usr/bin/env", "--block-signal=TERM", "--block-signal=INT"])
    #expect(
      try eventually { try String(contentsOfFile: scratch.path + "/out", encoding: .utf8).contains("hub") })
    tail.terminate()
    #expect(eventually { !tail.isRunning })
    kill(tail.processIdentifier, SIGKILL)
    tail.waitUntilExit()
    #expect(tail.terminationReason == .uncaughtSignal && tail.terminationStatus == SIGTERM)
  }

  @Test func `a forged line cannot steer the terminal`() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try gate.audit().first).text
    let forged = try scratch.write(
      "forged.jsonl", line.replacing("docs-admin", with: "x\\u001b[2J\\u202e\\u0007y") + "\n")
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", forged])
    #expect(tail.output.contains("x\u{FFFD}[2J\u{FFFD}\u{FFFD}y"))
    #expect(
      !tail.output.unicodeScalars.contains("\u{1B}") && !tail.output.unicodeScalars.contains("\u{202E}"))
  }
}
