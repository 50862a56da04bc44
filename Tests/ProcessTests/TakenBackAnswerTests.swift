// Answers that are on record and did not leave, as the readers of a log show them.

import Foundation
import Support
import Testing

@Suite struct TakenBackAnswerTests {
  private let folder: ScratchFolder
  private let log: String
  private let id: String

  /// Two reads and a denial; the log takes the first back.
  init() throws {
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    let gate = try GateProcess(upstream: upstream.address)
    for token in [Token.administrator, Token.administrator, Token.reader] {
      _ = try gate.request(get("/v1/peering/hub", token: token))
    }
    #expect(gate.stop() == 0)
    id = try #require(try gate.audit().first).id
    folder = try ScratchFolder()
    let event =
      #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"gate-withheld","payload":{"ids":["\#(id)"]},"seq":1,"previous":"\#(String(repeating: "a", count: 64))"}"#
    log = try folder.write("log", String(contentsOfFile: gate.auditPath, encoding: .utf8) + event + "\n")
  }

  private func piped(_ arguments: String...) throws -> (status: Int32, output: String) {
    let process = try GateProcess.start(
      ["audit"] + arguments, log: folder.path + "/out",
      under: ["/bin/sh", "-c", "cat '\(log)' | \"$@\"", "sh"])
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: folder.path + "/out", encoding: .utf8))
  }

  @Test func `query marks the line itself`() throws {
    let found = try GateProcess.run(["audit", "query", "--peer", "hub", log])
    let lines = found.output.split(separator: "\n")
    #expect(lines.count == 3 && lines.count { $0.contains(" withheld ") } == 1, "\(found.output)")
    #expect(lines.first?.contains("allow  200 withheld ") == true)
    let columns = try GateProcess.run(
      ["audit", "query", "--columns", "status,withheld", "--peer", "hub", log])
    #expect(columns.output == "200\tyes\n200\t-\n403\t-\n")
  }

  @Test func `of what is read once, query says it behind`() throws {
    let found = try piped("query", "--peer", "hub", "-")
    #expect(found.status == 0)
    let lines = found.output.split(separator: "\n")
    #expect(lines.count == 4 && lines.last?.contains("withheld, its answer did not leave: ") == true)
    #expect(lines.last?.contains("docs-admin read hub allow 200 (\(id))") == true, "\(found.output)")
    // Of a line that was not shown nothing is said.
    #expect(try !piped("query", "--decision", "deny", "-").output.contains("withheld"))
  }

  @Test func `tail names it and what it takes back`() throws {
    let shown = try GateProcess.run(["audit", "tail", "--no-follow", log]).output
    #expect(try piped("tail", "--no-follow", "-").output == shown)
    #expect(try piped("tail", "-").output == shown, "an input that ends, ends it")
    #expect(try piped("tail", "--no-follow", "/dev/stdin").output == shown)
    #expect(try piped("tail", "/dev/stdin").output == shown)
    let lines = shown.split(separator: "\n")
    #expect(
      lines.last?.contains("withheld, its answer did not leave: docs-admin read hub allow 200 (\(id))")
        == true)
    #expect(lines.dropLast().last?.contains("gate-withheld ids=\(id)") == true)
    let last = try piped("tail", "--no-follow", "-n", "2", "-").output
    #expect(last.split(separator: "\n").count == 3)
  }

  @Test func `report counts it as withheld`() throws {
    let report = try GateProcess.run(["audit", "report", log])
    let times = { (outcome: String, text: String) in
      try #require(try Regex("docs-admin +read +\(outcome) +([0-9]+) ").firstMatch(in: text))[1].substring
    }
    #expect(try times("allow 2xx", report.output) == "1", "\(report.output)")
    #expect(try times("allow withheld", report.output) == "1")
    // What is read once is counted before the line that takes it back has come.
    let once = try piped("report", "-")
    #expect(try times("allow 2xx", once.output) == "2", "\(once.output)")
    #expect(once.output.contains("some answers that did not leave stand as they were recorded"))
  }
}
