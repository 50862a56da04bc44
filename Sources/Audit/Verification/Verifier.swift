// Reads a log line by line, and knows after the last whether it is sound.
import Digests

/// The state machine of the check; it does no I/O. Feed it every line in order, newline included.
struct Verifier: ~Copyable {
  /// A record as far as the check needs it later.
  struct Seen: Sendable {
    let place: LogPlace
    let sequence: UInt64
    let digest: SHA256Digest
  }

  /// A place where one record does not follow upon the one before it.
  struct Break: Sendable {
    let before: Seen
    let after: Seen
    /// The digest that `after` says its predecessor has.
    let wanted: SHA256Digest
    /// Unreadable lines between the two.
    let fragments: Int
  }

  private(set) var report = VerificationReport()
  private(set) var breaks: [Break] = []
  private var moreBreaks = 0
  private var last: Seen?
  private var hash = SHA256()
  private var fragments: [(place: LogPlace, bytes: Int)] = []
  private let publicKey: VerifyingKey?
  private let expectedHead: SHA256Digest?

  init(publicKey: VerifyingKey?, expectedHead: SHA256Digest?) {
    self.publicKey = publicKey
    self.expectedHead = expectedHead
    report.keyWasGiven = publicKey != nil
  }

  mutating func read(_ line: Span<UInt8>, at place: LogPlace) {
    report.bytes += line.count
    report.lines += 1
    guard let parsed = LogLine(line) else {
      fragments.append((place, line.count - (line.isTerminated ? 1 : 0)))
      return
    }
    let digest = LogLine.digest(of: line, by: &hash)
    let seen = Seen(place: place, sequence: parsed.sequence, digest: digest)
    let control = ControlRecord(line)
    excuseFragments(declared: control?.tornBytes ?? 0)
    link(seen, previous: parsed.previous)
    if let control { note(control, as: parsed, at: place) }
    fragments.removeAll(keepingCapacity: true)
    last = seen
    report.endsWithClose = control?.eventType == "audit-close"
    if seen.digest == expectedHead { report.linesAfterExpectedHead = 0 }
  }

  /// All that is known after the last line; `found` holds the records whose digests are wanted by
  /// `breaks`, which takes a second look at the files.
  consuming func finish(found: [SHA256Digest: Seen]) -> VerificationReport {
    report.findings += BreakAnalysis(breaks: breaks, found: found).findings
    if moreBreaks > 0 { report.findings.append(.more(moreBreaks)) }
    if let end = fragments.last {
      // Only the very last may be unfinished without anybody having done wrong.
      report.unfinishedBytes = end.bytes
      report.findings += fragments.dropLast().map { .unreadable($0.place) }
    }
    report.head = last?.digest
    report.lastSequence = last?.sequence ?? 0
    if expectedHead != nil, report.linesAfterExpectedHead == nil {
      report.findings.append(.headMissing(lastSequence: report.lastSequence))
    }
    return report
  }

  /// Unreadable lines are excused if the record behind them says that so many bytes were torn there.
  private mutating func excuseFragments(declared: Int) {
    guard !fragments.isEmpty else { return }
    if fragments.reduce(0, { $0 + $1.bytes }) == declared {
      report.declaredTorn += fragments.count
      fragments.removeAll(keepingCapacity: true)
    } else {
      report.findings += fragments.prefix(AuditLimits.breaksTold).map { .unreadable($0.place) }
    }
  }

  private mutating func link(_ seen: Seen, previous: SHA256Digest) {
    guard let last else {
      report.firstSequence = seen.sequence
      if seen.sequence == 1, previous.bytes.contains(where: { $0 != 0 }) {
        report.findings.append(.notTheBeginning(seen.place))
      }
      return
    }
    if report.linesAfterExpectedHead != nil { report.linesAfterExpectedHead? += 1 }
    guard previous != last.digest || seen.sequence != last.sequence + 1 else { return }
    if breaks.count < AuditLimits.breaksTold {
      breaks.append(Break(before: last, after: seen, wanted: previous, fragments: fragments.count))
    } else {
      moreBreaks += 1
    }
  }

  private mutating func note(_ control: ControlRecord, as line: LogLine, at place: LogPlace) {
    report.declaredLost += control.lost
    switch control.eventType {
    case "audit-open" where control.cause == "start": report.starts += 1
    case "audit-checkpoint": report.checkpoints += 1
    default: break
    }
    guard control.isSealed else { return }
    if let publicKey {
      if control.signature == nil {
        report.findings.append(.unsigned(place))
      } else if control.isSigned(by: publicKey, as: line) {
        report.signedUpTo = line.sequence
      } else {
        report.findings.append(.badSignature(place))
      }
    } else if let own = control.ownKey {
      if control.isSigned(by: own, as: line) {
        report.signedUpTo = line.sequence
      } else {
        report.findings.append(.badSignature(place))
      }
    }
  }
}
