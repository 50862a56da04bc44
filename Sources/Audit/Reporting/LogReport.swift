// What a log says, line after line, into the tables of a report.
import Bytes

/// Bounded in memory, whatever the log holds: tables have a number of rows, texts a length.
package struct LogReport: Sendable {
  /// A change with its two lines.
  struct Change: Sendable {
    var started: ByteString?
    var completed: ByteString?
    let entry: [ByteString?]
    let id: ByteString?
    var status: ByteString?
  }

  package let rowLimit: Int
  private(set) var lines = 0
  private(set) var requests = 0
  private(set) var outsidePeriod = 0
  private(set) var first: ByteString?
  private(set) var last: ByteString?
  private(set) var lostLines = 0

  private(set) var gates = BoundedTally()
  private(set) var actions = BoundedTally()
  private(set) var denials = BoundedTally()
  private(set) var upstreams = BoundedTally()
  private(set) var handshakes = BoundedTally()
  private(set) var events = BoundedTally()
  private(set) var unrecorded = BoundedTally()
  private(set) var changes: [Change] = []
  private(set) var changesLeftOut = 0
  private(set) var withheldIDs: Set<ByteString> = []
  private(set) var timeline = Timeline()
  private(set) var policyChanges: ReportSection
  private(set) var changedFiles: ReportSection
  private(set) var incidents: ReportSection
  private(set) var gaps: ReportSection
  private(set) var withheld: ReportSection

  /// Changes whose second line has not come; nil for one that the table has no room for.
  private var open: [ByteString: Int?] = [:]
  private var gate = GateNames()
  private var sequence: UInt64?
  /// What is taken back further on, as far as that is known before.
  private let takenBack: WithheldIDs

  package init(rowLimit: Int, takenBack: WithheldIDs = WithheldIDs()) {
    self.rowLimit = rowLimit
    self.takenBack = takenBack
    policyChanges = .policyChanges(limit: rowLimit)
    changedFiles = .changedFiles(limit: rowLimit)
    incidents = .incidents(limit: rowLimit)
    gaps = .gaps(limit: rowLimit)
    withheld = .withheld(limit: rowLimit)
    if !takenBack.isWhole {
      withheld.note =
        "Not all of these are known by their ids, or were known before the other tables were counted: there some answers "
        + "that did not leave stand as they were recorded."
    }
  }

  /// To be called before each file: numbers and gates do not go on from one to the next.
  package mutating func beginFile() { (gate, sequence) = (GateNames(), nil) }

  package mutating func read(_ entry: RecordedEntry, in period: Period) {
    gate.read(entry)
    if period != Period() {
      guard let time = WallTime(rfc3339: entry.createdAt.utf8), period.contains(time) else {
        outsidePeriod += 1
        // The next line does not follow upon one that was not read.
        sequence = nil
        return
      }
    }
    lines += 1
    let time = entry.createdAt.cut
    first = min(first ?? time, time)
    last = max(last ?? time, time)
    checkNumber(entry)
    if entry.eventType == "audit" { readRequest(entry) } else { readEvent(entry) }
  }

  /// A line of an extract that is no record.
  package mutating func read(_ part: ExtractLine) {
    guard case .leftOut(let numbers, _) = part else { return }
    sequence = numbers.upperBound
    gaps.add([
      "-", "left out of the extract", ByteString("numbers \(numbers.lowerBound) to \(numbers.upperBound)"),
    ])
  }

  /// A line that is none.
  package mutating func readFault(_ fault: RecordedEntry.Fault, file: String, line: Int) {
    gaps.add(["-", "unreadable line", ByteString("\(file):\(line) is \(fault.rawValue)")])
  }

  private mutating func checkNumber(_ entry: RecordedEntry) {
    let number = entry.sequence.flatMap { UInt64($0.string) }
    if let number, let sequence, number != sequence &+ 1 {
      gaps.add([entry.createdAt, "numbers", ByteString("\(number) follows upon \(sequence)")])
    }
    sequence = number ?? sequence
  }

  private mutating func readRequest(_ entry: RecordedEntry) {
    if entry.isStart {
      start(entry)
      return
    }
    requests += 1
    let time = entry.createdAt
    timeline.add(entry.outcome, at: WallTime(rfc3339: time.utf8))
    let name = entry.operation ?? "other"
    let isWithheld = takenBack.takesBack(entry)
    if isWithheld, let id = entry.id { withheldIDs.insert(id.cut) }
    actions.add(
      [entry.subject ?? "unknown", name, isWithheld ? entry.withheldResult : entry.result], at: time)
    if let upstream = entry.upstream {
      upstreams.add([upstream, entry.statusClass, entry.repeated == nil ? "no" : "yes"], at: time)
    }
    if entry.outcome == "deny" || entry.outcome == "refuse" {
      denials.add(
        [entry.subject ?? "unknown", name, entry.outcome, entry.rule ?? entry.reason], at: time)
    } else if entry.isChange {
      complete(entry)
    }
  }

  private mutating func start(_ entry: RecordedEntry) {
    let index = append(Change(started: entry.createdAt.cut, entry: entry.change, id: entry.id?.cut))
    if let id = entry.id?.cut, open.count < AuditLimits.reportKeys { open[id] = .some(index) }
  }

  private mutating func complete(_ entry: RecordedEntry) {
    if let id = entry.id?.cut, let known = open.removeValue(forKey: id) {
      guard let known else { return }
      changes[known].completed = entry.createdAt.cut
      changes[known].status = entry.status?.cut
    } else {
      _ = append(
        Change(
          completed: entry.createdAt.cut, entry: entry.change, id: entry.id?.cut, status: entry.status?.cut))
    }
  }

  private mutating func append(_ change: Change) -> Int? {
    guard changes.count < rowLimit else {
      changesLeftOut += 1
      return nil
    }
    changes.append(change)
    return changes.count - 1
  }

  private mutating func readEvent(_ entry: RecordedEntry) {
    let time = entry.createdAt
    let count = { (name: ByteString) in entry.fact(name).flatMap { Int($0.string) } ?? 0 }
    switch entry.eventType {
    case "audit-gap":
      lostLines = lostLines.addingClamped(max(0, count("lost")))
      gaps.add([time, "lines not kept", entry.statement])
    case "gate-withheld":
      for id in entry.otherIDs + [entry.id].compactMap({ $0 })
      where withheldIDs.count < AuditLimits.reportKeys { withheldIDs.insert(id.cut) }
      withheld.add([time, entry.statement])
    case "gate-handshakes-failed":
      let failed = max(0, count("suppressed")).addingClamped(1)
      handshakes.add([entry.sourceAddress, entry.reason], failed, at: time)
    case "gate-unrecorded", "gate-refusals-thinned":
      for fact in entry.facts where fact.name != "since" && fact.name != "gate" {
        unrecorded.add([fact.name], max(0, Int(fact.value.string) ?? 0), at: time)
      }
    case "gate-start", "gate-reload", "gate-reload-refused":
      policyChanges.add([time, gate.of(entry), entry.eventType, entry.statement])
      for change in entry.changedFiles {
        changedFiles.add([time, gate.of(entry), change.kind, change.file, change.before, change.after])
      }
    case "gate-upstream-lost", "gate-upstream-back", "gate-sink-lost", "gate-sink-back",
      "gate-clock-set-back", "audit-pruned":
      incidents.add([time, gate.of(entry), entry.eventType, entry.statement])
    case "audit-open":
      if let key = entry.fact("previous_key") {
        let after = entry.fact("key").map { "another than before: \($0)" } ?? "none any more"
        incidents.add(
          [time, gate.of(entry), "audit key changed", ByteString("\(after), before: \(key)")])
      }
      noteTorn(entry, count("torn_bytes"))
    default: noteTorn(entry, count("torn_bytes"))
    }
    if entry.eventType == "gate-start" || entry.eventType == "gate-stop" || entry.eventType == "audit-open" {
      gates.add([gate.of(entry), entry.eventType], at: time)
    }
    events.add([entry.eventType], at: time)
  }

  private mutating func noteTorn(_ entry: RecordedEntry, _ bytes: Int) {
    if bytes > 0 { gaps.add([entry.createdAt, "unfinished line", entry.statement]) }
  }
}

extension RecordedEntry {
  fileprivate var isChange: Bool {
    access == "write" || operation == "generate" || operation == "establish" || operation == "delete"
  }

  fileprivate var change: [ByteString?] {
    [subject?.cut, operation?.cut, peer?.cut, partition?.cut, sourceAddress?.cut]
  }

  /// The decision; its status nobody got.
  fileprivate var withheldResult: ByteString { ByteString("\(outcome?.string ?? "-") withheld") }

  /// `allow 2xx`, `deny`: the decision, and whether what was allowed also went well.
  fileprivate var result: ByteString {
    guard let outcome else { return "-" }
    guard outcome == "allow", let statusClass else { return outcome }
    return ByteString("allow \(statusClass)")
  }

  fileprivate var statusClass: ByteString? {
    guard let status, status.count == 3, let digit = status.string.first else { return nil }
    return ByteString("\(digit)xx")
  }
}
