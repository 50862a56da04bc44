// Reads a log line by line, and knows after the last whether it is sound.
import Bytes
import Digests

/// The state machine of the check; it does no I/O. Feed it every line in order, newline included.
struct Verifier: ~Copyable {
  /// A record as far as the check needs it later.
  struct Seen: Sendable {
    let place: LogPlace
    let sequence: UInt64
    /// The link behind it.
    let digest: SHA256Digest
  }

  /// A place where one record does not follow upon the one before it.
  struct Break: Sendable {
    let before: Seen
    let after: Seen
    /// The link that `after` says it follows upon.
    let wanted: SHA256Digest
    /// Unreadable lines between the two.
    let fragments: Int
  }

  private(set) var report = VerificationReport()
  private(set) var breaks: [Break] = []
  private(set) var last: Seen?
  /// The link that the first line follows upon.
  private var firstPrevious: SHA256Digest?
  private var hash = SHA256()
  private var fragments = Fragments()
  private var signatures = SignatureWatch()
  /// Nil if there are none: most checks have none, and a log has many lines.
  private var anchors: AnchorWatch?
  /// Of the lines that come; nil until a record tells, and until then the other link of the last line.
  private var format: Int?
  private var oldLink: SHA256Digest?
  private var endsWith: (control: ControlRecord.Kind, isRotation: Bool)?
  private let options: VerificationOptions

  init(_ options: VerificationOptions) {
    self.options = options
    anchors = options.anchors.isEmpty ? nil : AnchorWatch(options.anchors)
    report.keyWasGiven = !options.publicKeys.isEmpty
  }

  /// - Parameter excess: bytes by which the line is longer than any of a log.
  mutating func read(_ line: Span<UInt8>, at place: LogPlace, excess: Int = 0) {
    report.bytes += line.count + excess
    report.lines += 1
    guard excess == 0, let parsed = LogLine(line) else {
      // Of an overlong line only the beginning is here, which was cut off at this length.
      let length = excess > 0 ? AuditLimits.lineBytes + excess : line.count - (line.isTerminated ? 1 : 0)
      fragments.add(length, isTerminated: excess > 0 || line.isTerminated, at: place)
      return
    }
    // Lines before the one that was asked for are read past, until it comes.
    if last == nil, let from = options.from, parsed.sequence < from {
      fragments = Fragments()
      return
    }
    let (kind, fault) = RecordForm.fault(in: line, as: parsed)
    if let fault { report.add(.notInForm(place, byte: fault)) }
    let control = kind == .control && fault == nil ? ControlRecord(line) : nil
    excuseFragments(declared: control?.tornBytes ?? 0)
    decideFormat(control, previous: parsed.previous, at: place)
    let seen = Seen(
      place: place, sequence: parsed.sequence,
      digest: parsed.link(of: line, format: format ?? 2, by: &hash))
    if format == nil { oldLink = parsed.link(of: line, format: 1, by: &hash) }
    link(seen, previous: parsed.previous)
    note(control, line, as: parsed, at: place)
    fragments = Fragments()
    last = seen
    anchors?.pass(seen.sequence, link: seen.digest, at: place)
    if seen.digest == options.expectedHead { report.linesAfterExpectedHead = 0 }
  }

  /// Whether another file must follow.
  var endsWithRotation: Bool { endsWith?.isRotation ?? false }

  /// All that is known after the last line; `found` holds the records whose links are wanted by
  /// `breaks`, which takes a second look at the files.
  consuming func finish(found: [SHA256Digest: Seen]) -> VerificationReport {
    for finding in BreakAnalysis(breaks: breaks, found: found).findings { report.add(finding) }
    if fragments.count > 0 {
      // Only the very last may be unfinished without anybody having done wrong.
      let isUnfinished = !fragments.lastIsTerminated || options.isLive
      report.unfinishedBytes = isUnfinished ? fragments.lastBytes : 0
      let count = fragments.count - (isUnfinished ? 1 : 0)
      for place in fragments.places.prefix(count) { report.add(.unreadable(place)) }
      if count > fragments.places.count { report.untold += count - fragments.places.count }
    }
    report.head = last?.digest
    report.lastSequence = last?.sequence ?? 0
    report.signedUpTo = signatures.signedUpTo
    report.unvouched = signatures.unvouched
    report.endsWithClose = endsWith?.control == .close
    if let last, endsWithRotation { report.add(.nextFileMissing(last.place)) }
    if report.keyWasGiven, last != nil {
      if signatures.signedUpTo == nil { report.add(.nothingSigned) }
      if let tail = signatures.tail, tail.isTooLong, !options.isLive {
        report.add(.signaturesMissing(tail.first...tail.last, from: tail.place))
      }
    }
    if let from = options.from, let first = report.firstSequence, first != from,
      !isPruned(from, before: first)
    {
      report.add(.beginningMissing(expected: from, found: first))
    }
    anchors?.conclude(&report)
    if options.expectedHead != nil, report.linesAfterExpectedHead == nil {
      report.add(.headMissing(lastSequence: report.lastSequence))
    }
    return report
  }

  /// Whether the gate itself says that it deleted the lines that are missing before the first.
  private func isPruned(_ from: UInt64, before first: UInt64) -> Bool {
    guard from < first, let pruned = report.prunedUpTo else { return false }
    return pruned >= first - 1
  }

  /// Unreadable lines are excused if the record behind them says that so many bytes were torn there.
  private mutating func excuseFragments(declared: Int) {
    guard fragments.count > 0 else { return }
    if fragments.bytes == declared, !fragments.hasEmpty {
      report.declaredTorn += fragments.count
      fragments = Fragments()
    } else {
      for place in fragments.places { report.add(.unreadable(place)) }
      if fragments.count > fragments.places.count {
        report.untold += fragments.count - fragments.places.count
      }
    }
  }

  private mutating func decideFormat(_ control: ControlRecord?, previous: SHA256Digest, at place: LogPlace) {
    if let oldLink, format == nil, let last {
      // The second line tells by which link it follows upon the first.
      format = previous == oldLink ? 1 : 2
      self.last = Seen(
        place: last.place, sequence: last.sequence, digest: format == 1 ? oldLink : last.digest)
      self.oldLink = nil
    }
    guard let control, control.kind == .open else { return }
    if !(1...2 ~= control.format) { report.add(.unknownFormat(place, control.format)) }
    format = min(max(control.format, 1), 2)
  }

  private mutating func link(_ seen: Seen, previous: SHA256Digest) {
    guard let last else {
      report.firstSequence = seen.sequence
      firstPrevious = previous
      if seen.sequence == 1, previous.bytes.contains(where: { $0 != 0 }) {
        report.add(.notTheBeginning(seen.place))
      }
      return
    }
    if report.linesAfterExpectedHead != nil { report.linesAfterExpectedHead? += 1 }
    guard previous != last.digest || seen.sequence != last.sequence + 1 else { return }
    if breaks.count < AuditLimits.breaksTold {
      breaks.append(Break(before: last, after: seen, wanted: previous, fragments: fragments.count))
    } else {
      report.untold += 1
    }
  }

  private mutating func note(
    _ control: ControlRecord?, _ line: Span<UInt8>, as parsed: LogLine, at place: LogPlace
  ) {
    let before = endsWith
    endsWith = control.map { ($0.kind, $0.kind == .close && $0.cause == "rotation") }
    guard let control else {
      signatures.pass(parsed.sequence, at: place, time: line.creationTime, format: format ?? 2)
      return
    }
    report.declaredLost = report.declaredLost.addingSaturated(control.lost)
    if let gate = control.gate {
      report.gate = gate
      anchors?.name(gate)
    }
    if control.isStart() {
      report.starts += 1
      let isKnown = last != nil || parsed.sequence > 1
      if isKnown, last == nil ? control.foundClean == false : before?.control != .close {
        report.addUncleanStart(parsed.sequence)
      }
    }
    if control.kind == .checkpoint { report.checkpoints += 1 }
    let isSigned = check(control, line, as: parsed, at: place)
    guard let pruned = control.pruned, isSigned || !report.keyWasGiven else { return }
    report.prunedUpTo = max(report.prunedUpTo ?? 0, pruned.upperBound)
    // What is left begins where the deleted file ended, with the link that it had there.
    if let head = control.prunedHead, report.firstSequence == pruned.upperBound + 1, head != firstPrevious {
      report.add(.notAfterPruned(place))
    }
  }

  /// Whether a good signature is there.
  private mutating func check(
    _ control: ControlRecord, _ line: Span<UInt8>, as parsed: LogLine, at place: LogPlace
  ) -> Bool {
    let keys = options.publicKeys.isEmpty ? control.key.map { [$0] } ?? [] : options.publicKeys
    if control.isSealed,
      let key = keys.first(where: { control.isSigned(by: $0, line, as: parsed, format: format ?? 2) })
    {
      report.addSigner(key)
      let stretch = signatures.sign(parsed.sequence, from: control.from)
      if let stretch, report.keyWasGiven {
        report.add(.signaturesMissing(stretch.first...stretch.last, from: stretch.place))
      }
      return true
    }
    signatures.pass(parsed.sequence, at: place, time: line.creationTime, format: format ?? 2)
    if control.hasSignature {
      report.add(.badSignature(place))
    } else if control.isSealed, report.keyWasGiven {
      report.add(.unsigned(place))
    }
    return false
  }
}

extension Span<UInt8> {
  /// Microseconds from the timestamp at the beginning of a line; some number if there is none.
  fileprivate var creationTime: Int64 {
    guard count > 42 else { return 0 }
    func number(_ start: Int, _ digits: Int) -> Int64 {
      var value: Int64 = 0
      for index in start..<start + digits { value = value * 10 + Int64(self[index] & 15) }
      return value
    }
    // Days of the civil calendar, counted from March, so that a leap day is a year's last.
    let month = number(20, 2)
    let year = number(15, 4) - (month <= 2 ? 1 : 0)
    let days =
      year * 365 + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + number(23, 2)
    return ((days * 24 + number(26, 2)) * 60 + number(29, 2)) * 60_000_000 + number(32, 2) * 1_000_000
      + number(35, 6)
  }
}

extension Int {
  fileprivate func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
