// What a log says, in tables.
import Bytes
import Foundation
import Testing

@testable import Audit

struct ReportTests {
  private func line(
    _ time: String, _ operation: String, _ outcome: String, status: String? = "200", subject: String = "ci",
    peer: String = "hub", id: String = "1", rule: String = "a.hcl:1 peering = \\\"write\\\"", seq: Int? = nil
  ) -> String {
    let stage = status == nil ? "OperationStart" : "OperationComplete"
    let response = status.map { #""response":{"status":"\#($0)"},"# } ?? ""
    return #"{"created_at":"2026-01-0\#(time).000000Z","event_type":"audit","payload":{"id":"\#(id)","#
      + #""auth":{"description":"\#(subject)"},"request":{"remote_addr":"10.0.0.1:5"},\#(response)"#
      + #""stage":"\#(stage)","peering":{"operation":"\#(operation)","peer":"\#(peer)"},"#
      + #""decision":{"outcome":"\#(outcome)","rule":"\#(rule)"}}"# + end(seq)
  }

  private func event(_ kind: String, _ payload: String, seq: Int? = nil) -> String {
    #"{"created_at":"2026-01-01T00:00:00.000000Z","event_type":"\#(kind)","payload":{\#(payload)}"#
      + end(seq)
  }

  private func end(_ number: Int?) -> String {
    recordEnd.replacing("\"seq\":1,", with: "\"seq\":\(number ?? 1),")
  }

  private func report(_ lines: [String], rows: Int = 100, in period: Period = Period()) throws -> LogReport {
    var report = LogReport(rowLimit: rows)
    report.beginFile()
    for line in lines { report.read(try RecordedEntry(line.utf8.span), in: period) }
    return report
  }

  private func rows(_ report: LogReport, _ key: String) throws -> [[String]] {
    let section = try #require(report.sections.first { $0.key == key })
    return section.rows.map { row in row.map { $0?.string ?? "-" } }
  }

  @Test func `which Consul was asked is counted by status, and by whether it was asked once more`() throws {
    let asked = { (status: String, address: String, more: String) in
      line("1T00:00:00", "read", "allow", status: status).replacing(
        #""decision""#, with: #""upstream":{"address":"\#(address)"\#(more)},"decision""#)
    }
    let repeated = #","repeated":1,"repeat_reason":"closed""#
    let report = try report([
      asked("200", "10.0.0.7:8501", ""), asked("204", "10.0.0.7:8501", ""),
      asked("200", "10.0.0.7:8501", repeated),
      asked("504", "10.0.0.8:8501", ""), line("1T00:00:00", "read", "deny", status: "403"),
    ])
    #expect(
      try rows(report, "upstreams").map { $0.prefix(4) } == [
        ["10.0.0.7:8501", "2xx", "no", "2"], ["10.0.0.7:8501", "2xx", "yes", "1"],
        ["10.0.0.8:8501", "5xx", "no", "1"],
      ])
  }

  private func document(_ report: LogReport) -> ReportDocument {
    ReportDocument(
      verdict: .notSound, sentences: ["<b> & \u{202E}"], made: "now", sections: report.sections,
      charts: report.charts)
  }

  @Test func `who did what is counted by token, operation and outcome, with first and last`() throws {
    let report = try report([
      line("1T00:00:00", "read", "allow"), line("2T00:00:00", "read", "allow"),
      line("3T00:00:00", "read", "allow", status: "502"), line("4T00:00:00", "read", "deny", status: "403"),
      line("5T00:00:00", "list", "allow", subject: "b"),
    ])
    #expect(
      try rows(report, "actions") == [
        ["b", "list", "allow 2xx", "1", "2026-01-05T00:00:00.000000Z", "2026-01-05T00:00:00.000000Z"],
        ["ci", "read", "allow 2xx", "2", "2026-01-01T00:00:00.000000Z", "2026-01-02T00:00:00.000000Z"],
        ["ci", "read", "allow 5xx", "1", "2026-01-03T00:00:00.000000Z", "2026-01-03T00:00:00.000000Z"],
        ["ci", "read", "deny", "1", "2026-01-04T00:00:00.000000Z", "2026-01-04T00:00:00.000000Z"],
      ])
    #expect(
      try rows(report, "denials").map { $0.prefix(5) } == [
        ["ci", "read", "deny", #"a.hcl:1 peering = "write""#, "1"]
      ])
    #expect(try rows(report, "period").first?.prefix(4).suffix(2) == ["5", "5"])
  }

  @Test func `changes have both stages, and what has one alone shows it`() throws {
    let report = try report([
      line("1T00:00:00", "delete", "allow", status: nil, id: "a"),
      line("1T00:00:01", "delete", "allow", status: nil, id: "b"),
      line("1T00:00:02", "delete", "allow", id: "a"), line("1T00:00:03", "generate", "allow", id: "c"),
      line("1T00:00:04", "delete", "deny", status: "403", id: "d"), event("gate-withheld", #""ids":["a"]"#),
    ])
    let changes = try rows(report, "changes")
    #expect(changes.map { $0[8] } == ["a", "b", "c"])
    #expect(changes.map { $0[7] } == ["200 withheld", "-", "200"])
    #expect(changes[0][0].hasSuffix("00:00:00.000000Z") && changes[0][1].hasSuffix("00:00:02.000000Z"))
    #expect(changes[1][1] == "-" && changes[2][0] == "-")
  }

  @Test func `gaps, lost lines, handshakes and policies have their tables`() throws {
    var report = try report([
      event("audit-open", #""cause":"start","gate":"east-1","torn_bytes":7"#, seq: 1),
      event("gate-start", #""address":"127.0.0.1:1","policy_digest":"aa""#, seq: 2),
      event("gate-reload", #""old_digest":"aa","new_digest":"bb""#, seq: 5),
      event("audit-gap", #""lost":3,"reason":"disk full""#, seq: 6),
      event("audit-gap", #""lost":9223372036854775807"#, seq: 7),
      event(
        "gate-handshakes-failed", #""remote_addr":"10.0.0.9:1","reason":"no certificate","suppressed":4"#,
        seq: 8),
      event("gate-unrecorded", #""since":"x","read":5,"list":2"#, seq: 9),
      event("from-tomorrow", #""x":{}"#, seq: 10),
    ])
    report.readFault(.notJSON, file: "f", line: 3)
    #expect(
      try rows(report, "gaps").map { $0[1] } == [
        "unfinished line", "numbers", "lines not kept", "lines not kept", "unreadable line",
      ])
    #expect(try rows(report, "gaps")[1][2] == "5 follows upon 2")
    #expect(report.lostLines == .max)
    #expect(try rows(report, "policy_changes").map { $0[1] } == ["east-1", "east-1"])
    #expect(try rows(report, "handshakes").map { $0.prefix(3) } == [["10.0.0.9", "no certificate", "5"]])
    #expect(try rows(report, "unrecorded").map { $0.prefix(2) } == [["list", "2"], ["read", "5"]])
    #expect(try rows(report, "events").contains { $0[0] == "from-tomorrow" })
  }

  @Test func `tables hold so many rows and say how many are left out`() throws {
    let lines = (0..<30).flatMap { index in
      [
        line("1T00:00:00", "delete", "allow", status: nil, subject: "s\(index)", id: "\(index)"),
        line("1T00:00:00", "delete", "allow", subject: "s\(index)", id: "\(index)"),
      ]
    }
    for (limit, leftOut) in [(29, 1), (30, 0), (31, 0)] {
      let report = try report(lines, rows: limit)
      for key in ["changes", "actions"] {
        let section = try #require(report.sections.first { $0.key == key })
        #expect(section.rows.count == min(limit, 30) && section.leftOut == leftOut)
        #expect((section.remark != nil) == (leftOut > 0))
      }
    }
    var tally = BoundedTally(limit: 2)
    for key in ["a", "b", "c", "a", "d"] as [ByteString] { tally.add([key], at: "x") }
    #expect(tally.rows.map(\.count) == [2, 1] && tally.others == 2)
  }

  @Test func `a text is cut above its limit`() {
    for (count, expected) in [
      (AuditLimits.reportTextBytes - 1, AuditLimits.reportTextBytes - 1),
      (AuditLimits.reportTextBytes, AuditLimits.reportTextBytes),
      (AuditLimits.reportTextBytes + 1, AuditLimits.reportTextBytes + 3),
    ] { #expect(ByteString(String(repeating: "x", count: count)).cut.count == expected) }
  }

  @Test func `a period leaves the other lines out and counts them`() throws {
    let start = try #require(PeriodReader(now: .now()).start("2026-01-02"))
    let report = try report(
      [line("1T23:59:59", "read", "allow", seq: 1), line("2T00:00:00", "read", "allow", seq: 9)],
      in: Period(start: start))
    #expect(report.lines == 1 && report.outsidePeriod == 1)
    #expect(try rows(report, "gaps") == [])
  }

  @Test func `the page holds no script, nothing from elsewhere and no text that is not escaped`() throws {
    let evil = "<script>alert(1)</script><img src=x onerror=y>\u{202E}'&amp;"
    let page = ReportPage.text(
      document(
        try report([
          line("1T00:00:00", "delete", "deny", subject: evil, rule: evil),
          line("1T00:00:00", "delete", "allow", subject: evil, peer: evil, id: evil), event("gate-x", ""),
        ])))
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{202E}"))
    #expect(
      page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;\\u202e&#39;&amp;amp;"))
    #expect(page.contains("<li>&lt;b&gt; &amp; \\u202e</li>"))
    for word in ["http://", "https://", "src=\"", "url(", "@import", "<link", "javascript:"] {
      #expect(!page.contains(word), "\(word)")
    }
    let parser = XMLDocumentCheck(page)
    #expect(parser.fault == nil, "\(parser.fault ?? "")")
    #expect(
      page.contains("<svg viewBox=") && page.contains("role=\"img\"") && page.contains("<th scope=\"col\""))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
  }

  @Test func `the text and the JSON hold no character that nobody sees`() throws {
    let document = document(try report([line("1T00:00:00", "read", "deny", subject: "a\u{9B}2J\u{202E}")]))
    for text in [ReportText.text(document), ReportObject.text(document)] {
      #expect(text.shown(keepingLayout: true) == text)
    }
    let object =
      try JSONSerialization.jsonObject(with: Data(ReportObject.text(document).utf8)) as? [String: Any]
    #expect(object?.keys.contains("verification") == true && object?.keys.contains("actions") == true)
    #expect(ReportText.text(document).hasPrefix("NOT SOUND\n"))
  }
}

/// Whether every element of the page is closed where it should be, seen with no help of the writer's.
private struct XMLDocumentCheck {
  private(set) var fault: String?

  init(_ page: String) {
    var open: [Substring] = []
    for tag in page.matches(of: /<(\/?)([a-z0-9]+)[^<>]*?(\/?)>/) {
      let name = tag.2
      if ["meta"].contains(name) || tag.3 == "/" { continue }
      if tag.1.isEmpty {
        open.append(name)
      } else if open.popLast() != name {
        fault = "\(name) is closed where something else is open"
        return
      }
    }
    if !open.isEmpty { fault = "left open: \(open)" }
  }
}
