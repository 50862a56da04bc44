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

  var report = VerificationReport()
  private(set) var breaks: [Break] = []
  private(set) var last: Seen?
  /// The link that the first line follows upon.
  private var firstPrevious: SHA256Digest?
  private var hash = SHA256()
  private var fragments = Fragments()
  private var signatures = SignatureWatch()
  /// Nil if there are none: most checks have none, and a log has many lines.
  private(set) var anchors: AnchorWatch?
  /// Of the lines that come; nil until a record tells, and until then the other link of the last line.
  private var format: Int?
  private var oldLink: SHA256Digest?
  private(set) var endsWith: (control: ControlRecord.Kind, isRotation: Bool)?
  let options: VerificationOptions

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
      let isWhole = excess == 0 && line.isTerminated
      fragments.add(
        line.extracting(..<(isWhole ? line.count - 1 : line.count)), excess: excess,
        isTerminated: excess > 0 || isWhole, at: place, by: &hash)
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
    excuseFragments(control)
    decideFormat(control, line, as: parsed, at: place)
    let seen = Seen(
      place: place, sequence: parsed.sequence,
      digest: parsed.link(of: line, format: format ?? 2, by: &hash))
    if format == nil { oldLink = parsed.link(of: line, format: 1, by: &hash) }
    link(seen, previous: parsed.previous)
    note(control, line, as: parsed, at: place)
    fragments = Fragments()
    last = seen
    // Until the format is known, so is the link.
    if format != nil { compare(seen) }
  }

  /// Holds the link behind a line against what was noted elsewhere.
  private mutating func compare(_ seen: Seen) {
    if seen.digest == options.expectedHead { report.linesAfterExpectedHead = 0 }
    anchors?.pass(seen.sequence, link: seen.digest, at: seen.place)
  }

  /// Whether another file must follow.
  var endsWithRotation: Bool { endsWith?.isRotation ?? false }

  /// All that is known after the last line; `found` holds the records whose links are wanted by
  /// `breaks`, which takes a second look at the files.
  ///
  /// - Parameter explained: what a file beside those that were given explains: breaks by their second line, and the end.
  consuming func finish(
    found: [SHA256Digest: Seen], explained: Explained = Explained()
  ) -> VerificationReport {
    settleOnlyLine()
    let told = breaks.filter { !explained.breaks.contains($0.after.place) }
    for finding in BreakAnalysis(breaks: told, found: found, pruned: report.pruned).findings {
      report.add(finding)
    }
    for gap in breaks where explained.breaks.contains(gap.after.place) {
      report.explained.append(
        .removed(gap.before.sequence + 1...gap.after.sequence - 1, before: gap.after.place))
    }
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
    report.endsWithClose = endsWith?.control == .close
    let tail = signatures.finish()
    (report.unvouched, report.stray) = (signatures.unvouched, signatures.stray)
    if report.keyWasGiven, last != nil {
      if signatures.signedUpTo == nil { report.add(.nothingSigned) }
      if let tail, !options.isLive {
        report.add(.signaturesMissing(tail.first...tail.last, from: tail.place))
      }
    }
    judgeBeginning()
    judgeEnd(isExplained: explained.end)
    return report
  }

  /// Unreadable lines are excused if the record behind them says that just these were torn there.
  private mutating func excuseFragments(_ control: ControlRecord?) {
    guard fragments.count > 0 else { return }
    let isOld = control?.kind == .open ? control?.format == 1 : format == 1
    if let control, fragments.areDeclared(by: control, isOld: isOld) {
      report.declaredTorn += fragments.count
      fragments = Fragments()
    } else {
      for place in fragments.places { report.add(.unreadable(place)) }
      if fragments.count > fragments.places.count {
        report.untold += fragments.count - fragments.places.count
      }
    }
  }

  /// A record can prove its format: an opening one says it, another one by what is signed. The second line of a log tells
  /// by its link which one the first has, where that does not.
  private mutating func decideFormat(
    _ control: ControlRecord?, _ line: Span<UInt8>, as parsed: LogLine, at place: LogPlace
  ) {
    if format == nil, let oldLink { settle(parsed.previous == oldLink ? 1 : 2) }
    guard let control, let proved = proof(control, line, as: parsed) else { return }
    if !(1...2 ~= proved) { report.add(.unknownFormat(place, proved)) }
    let known = min(max(proved, 1), 2)
    if let format, known != format, control.kind != .open || known < format {
      report.add(.formatsMixed(place))
    }
    format = max(format ?? known, known)
  }

  private func proof(_ control: ControlRecord, _ line: Span<UInt8>, as parsed: LogLine) -> Int? {
    if control.kind == .open { return control.format }
    if control.from != nil { return 2 }
    guard format == nil,
      keys(for: control).contains(where: { control.isSigned(by: $0, line, as: parsed, format: 1) })
    else { return nil }
    return 1
  }

  /// The format of the first line.
  private mutating func settle(_ found: Int) {
    guard let first = last, let oldLink else { return }
    format = found
    self.oldLink = nil
    let seen = Seen(
      place: first.place, sequence: first.sequence, digest: found == 1 ? oldLink : first.digest)
    last = seen
    compare(seen)
  }

  /// Nothing behind it tells its format, so that it is what was noted of it.
  private mutating func settleOnlyLine() {
    guard let last, let oldLink else { return }
    let isOld =
      options.expectedHead == oldLink || options.anchors.of(last.sequence).contains { $0.link == oldLink }
    settle(isOld ? 1 : 2)
  }

  private func keys(for control: ControlRecord) -> [VerifyingKey] {
    options.publicKeys.isEmpty ? control.key.map { [$0] } ?? [] : options.publicKeys
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
    let (before, isFirst) = (endsWith, last == nil)
    endsWith = control.map { ($0.kind, $0.kind == .close && $0.cause == "rotation") }
    if isFirst, parsed.sequence == 1, report.keyWasGiven, control?.kind != .open {
      report.add(.notOpened(place))
    }
    guard let control else {
      signatures.pass(parsed.sequence, at: place, time: line.creationTime)
      return
    }
    report.declaredLost = report.declaredLost.addingSaturated(control.lost)
    if let gate = control.gate {
      report.gate = gate
      anchors?.name(gate)
    }
    if control.isStart() {
      report.starts += 1
      let isKnown = !isFirst || parsed.sequence > 1
      // A file that was ended for the next one is not the end of a run.
      let follows = before.map { $0.control == .close && !$0.isRotation } ?? false
      if isKnown, isFirst ? control.foundClean == false : !follows {
        report.addUncleanStart(parsed.sequence)
      } else if control.foundClean == false {
        report.oddStarts.add(parsed.sequence)
      }
    }
    if control.kind == .open, control.cause == "removed" { report.filesRemoved.add(parsed.sequence) }
    if control.kind == .open, control.cause == "truncated" { report.filesCut.add(parsed.sequence) }
    if control.kind == .checkpoint { report.checkpoints += 1 }
    let isSigned = check(control, line, as: parsed, at: place)
    guard isSigned || !report.keyWasGiven else { return }
    if control.nextIsMissing { report.add(.nextFileTaken(place, after: control.foundLast)) }
    guard let pruned = control.pruned else { return }
    report.pruned.add(pruned, head: control.prunedHead)
    // What is left begins where the deleted file ended, with the link that it had there.
    if let head = control.prunedHead, report.firstSequence == pruned.upperBound + 1, head != firstPrevious {
      report.add(.notAfterPruned(place))
    }
  }

  /// Whether a good signature is there.
  private mutating func check(
    _ control: ControlRecord, _ line: Span<UInt8>, as parsed: LogLine, at place: LogPlace
  ) -> Bool {
    if control.isSealed,
      let key = keys(for: control).first(where: {
        control.isSigned(by: $0, line, as: parsed, format: format ?? 2)
      })
    {
      report.addSigner(key)
      let stretch = signatures.sign(parsed.sequence, from: control.from, time: line.creationTime)
      if let stretch, report.keyWasGiven {
        report.add(.signaturesMissing(stretch.first...stretch.last, from: stretch.place))
      }
      return true
    }
    signatures.pass(parsed.sequence, at: place, time: line.creationTime)
    if control.hasSignature {
      report.add(.badSignature(place))
    } else if control.isSealed, report.keyWasGiven {
      report.add(.unsigned(place))
    }
    return false
  }
}

extension Int {
  fileprivate func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
