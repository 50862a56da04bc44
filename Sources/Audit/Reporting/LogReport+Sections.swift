// The tables of a report.
import Bytes

extension ReportSection {
  private static let occurrences = [
    Column("count", "Count", isNumber: true), Column("first", "First"), Column("last", "Last"),
  ]

  static func policyChanges(limit: Int) -> ReportSection {
    ReportSection(
      "policy_changes", "Policies put in force",
      columns: [
        Column("time", "Time"), Column("gate", "Gate"), Column("event", "Event"),
        Column("facts", "What it says"),
      ], limit: limit)
  }

  static func changedFiles(limit: Int) -> ReportSection {
    ReportSection(
      "changed_files", "Files that a reload found changed",
      columns: [
        Column("time", "Time"), Column("gate", "Gate"), Column("kind", "Kind"), Column("file", "File"),
        Column("before", "SHA-256 before"), Column("after", "SHA-256 after"),
      ], limit: limit,
      note: "Of a file with a private key the digest is that of the public key; of a token none.")
  }

  static func incidents(limit: Int) -> ReportSection {
    ReportSection(
      "incidents", "What befell the gate and its log",
      columns: [
        Column("time", "Time"), Column("gate", "Gate"), Column("event", "Event"),
        Column("facts", "What it says"),
      ], limit: limit,
      note: "Consul and sinks lost and back, files deleted, keys changed, the clock set back.")
  }

  static func gaps(limit: Int) -> ReportSection {
    ReportSection(
      "gaps", "Gaps",
      columns: [Column("time", "Time"), Column("kind", "Kind"), Column("facts", "What it says")], limit: limit
    )
  }

  static func withheld(limit: Int) -> ReportSection {
    ReportSection(
      "withheld", "Answers on record that did not leave",
      columns: [Column("time", "Time"), Column("facts", "What it says")], limit: limit)
  }

  mutating func add(_ tally: [BoundedTally.Row], others: Int) {
    for row in tally { add(row.key + [ByteString("\(row.count)"), row.first, row.last]) }
    leaveOut(others)
  }

  fileprivate static func counting(
    _ key: String, _ title: String, _ columns: [Column], _ rows: [BoundedTally.Row], others: Int, limit: Int,
    note: String? = nil
  ) -> ReportSection {
    var section = ReportSection(key, title, columns: columns + occurrences, limit: limit, note: note)
    section.add(rows, others: others)
    return section
  }
}

extension LogReport {
  /// In the order in which an auditor asks.
  package var sections: [ReportSection] {
    [
      period, gateTable, actionTable, changeTable, denialTable, policyChanges, changedFiles, incidents,
      gaps, withheld, unrecordedTable, upstreamTable, handshakeTable, eventTable,
    ]
  }

  package var charts: [ReportChart] { [timeline.chart, denialChart].compactMap { $0 } }

  private var period: ReportSection {
    var section = ReportSection(
      "period", "Period",
      columns: [
        .init("first", "First line"), .init("last", "Last line"), .init("lines", "Lines", isNumber: true),
        .init("requests", "Requests answered", isNumber: true),
        .init("outside", "Lines outside the period", isNumber: true),
        .init("lost", "Lines the gate could not keep", isNumber: true),
      ], limit: 1)
    section.add([first, last] + [lines, requests, outsidePeriod, lostLines].map { ByteString("\($0)") })
    return section
  }

  private var gateTable: ReportSection {
    .counting(
      "gates", "Gates", [.init("gate", "Gate"), .init("event", "Event")], gates.byKey, others: gates.others,
      limit: rowLimit)
  }

  private var actionTable: ReportSection {
    .counting(
      "actions", "Who did what",
      [.init("subject", "Token"), .init("operation", "Operation"), .init("outcome", "Outcome")],
      actions.byKey,
      others: actions.others, limit: rowLimit)
  }

  private var changeTable: ReportSection {
    var section = ReportSection(
      "changes", "Changes, in order",
      columns: [
        .init("started", "Decided"), .init("completed", "Answered"), .init("subject", "Token"),
        .init("operation", "Operation"), .init("peer", "Peer"), .init("partition", "Partition"),
        .init("source", "From"), .init("status", "Status"), .init("id", "ID"),
      ], limit: rowLimit,
      note:
        "Allowed ones. A change without a time of its answer was put to Consul, and its outcome is not on record."
    )
    for change in changes {
      let isWithheld = change.id.map(withheldIDs.contains) == true
      let status = isWithheld ? ByteString("\(change.status?.string ?? "-") withheld") : change.status
      section.add([change.started, change.completed] + change.entry + [status, change.id])
    }
    section.leaveOut(changesLeftOut)
    return section
  }

  private var denialTable: ReportSection {
    .counting(
      "denials", "Denials and refusals",
      [
        .init("subject", "Token"), .init("operation", "Operation"), .init("outcome", "Outcome"),
        .init("rule", "Rule or reason"),
      ], denials.byCount, others: denials.others, limit: rowLimit)
  }

  private var unrecordedTable: ReportSection {
    .counting(
      "unrecorded", "Answers without a line of their own", [.init("operation", "Operation or refusal")],
      unrecorded.byKey,
      others: unrecorded.others, limit: rowLimit,
      note: "By record level none, or because a flood of refusals was thinned. Count is answers, not lines.")
  }

  private var upstreamTable: ReportSection {
    .counting(
      "upstreams", "Which Consul was asked",
      [.init("upstream", "Consul"), .init("status", "Status"), .init("repeated", "Repeated")],
      upstreams.byKey, others: upstreams.others, limit: rowLimit,
      note: "Repeated: sent once more, on another connection, since the one before had ended.")
  }

  private var handshakeTable: ReportSection {
    .counting(
      "handshakes", "Failed handshakes", [.init("source", "From"), .init("reason", "Reason")],
      handshakes.byCount, others: handshakes.others, limit: rowLimit,
      note: "In a flood one line stands for many, under its own address and reason.")
  }

  private var eventTable: ReportSection {
    .counting(
      "events", "Lines that no request caused", [.init("event", "Event")], events.byKey,
      others: events.others,
      limit: rowLimit)
  }

  private var denialChart: ReportChart? {
    var bySubject = BoundedTally()
    for row in denials.rows { bySubject.add([row.key.first], row.count, at: row.first) }
    let rows = bySubject.byCount.prefix(10)
    if rows.isEmpty { return nil }
    let names = rows.map { $0.key.first?.shown ?? "-" }
    // Isolated (Unicode Standard Annex 9): a name that reads from right to left must not move the numbers about.
    let counts = zip(names, rows).map { "\u{2068}\($0)\u{2069} \($1.count)" }
    return ReportChart(
      title: "Denials and refusals by token",
      description: counts.joined(separator: ", ") + ".", labels: names,
      series: [.init(name: "denied or refused", values: rows.map(\.count))])
  }
}
