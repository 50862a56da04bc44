// The journal's thread: takes what waits, writes it, tells who waited.

/// Everything only the journal's thread touches. It is made by whoever opens the journal and handed over
/// to the thread for good.
final class Scribe {
  private let shared: Monitor<Waiting>
  private var file: JournalFile
  private var sequence: Sequence
  /// Lines lost since the last successful write, not yet recorded.
  private var gap: JournalRecord.Gap?
  private var retryAt: MonotonicTime?

  init(shared: Monitor<Waiting>, file: consuming JournalFile, opening: JournalOpening) {
    self.shared = shared
    self.file = file
    sequence = Sequence(last: opening.lastSequence)
  }

  func run() {
    while let submissions = take() {
      var rest = submissions[...]
      // Once even if nothing waits: then it is time to record a gap.
      repeat {
        let group = nextGroup(of: &rest)
        write(group)
      } while !rest.isEmpty
    }
    let unrecorded = gap?.lines ?? 0
    shared.withLock { waiting in
      waiting.isFinished = true
      waiting.unrecordedLines = unrecorded
    }
    shared.wake()
  }

  /// What waits, sleeping until something does; nothing when it is time to retry; nil at the end.
  private func take() -> [Submission]? {
    let taken: [Submission]?? = shared.wait(until: retryAt) { waiting in
      if waiting.isAbandoned { return .some(nil) }
      guard waiting.submissions.isEmpty else {
        var taken: [Submission] = []
        swap(&taken, &waiting.submissions)
        noteRefused(&waiting)
        waiting.writingSince = .now()
        return taken
      }
      return waiting.isClosing ? .some(nil) : nil
    }
    switch taken {
    case .some(let taken): return taken
    case nil:
      shared.withLock { noteRefused(&$0) }
      return []
    }
  }

  /// As many submissions as make one write; at least one.
  private func nextGroup(of rest: inout ArraySlice<Submission>) -> ArraySlice<Submission> {
    var bytes = 0
    var end = rest.startIndex
    while end < rest.endIndex, bytes < AuditLimits.bytesPerWrite {
      bytes += rest[end].batch.byteCount
      end += 1
    }
    defer { rest = rest[end...] }
    return rest[..<end]
  }

  /// Where the log stands after a batch, should the write break off behind it.
  private struct Mark {
    let end: Int
    let sequence: Sequence
  }

  private func write(_ group: ArraySlice<Submission>) {
    var output: [UInt8] = []
    output.reserveCapacity(group.reduce(512) { $0 + $1.batch.byteCount + $1.batch.lineCount * 100 })
    var marks: [Mark] = []
    marks.reserveCapacity(group.count + 1)

    var next = sequence
    if file.endsInsideLine { output.append(UInt8(ascii: "\n")) }
    if let gap {
      next.close(JournalRecord.gap(gap).openLine(at: .now()).span, appendingTo: &output)
    }
    marks.append(Mark(end: output.count, sequence: next))
    for submission in group {
      close(submission.batch, with: &next, appendingTo: &output)
      marks.append(Mark(end: output.count, sequence: next))
    }

    let shared = shared
    let attempt = file.append(output) { shared.withLock { $0.isAbandoned } }
    if let code = attempt.code {
      recover(from: attempt, of: output, marks: marks, group: group, code: code)
    } else {
      sequence = next
      gap = nil
      retryAt = nil
      file.closedOffLine()
      settle(group, kept: true, bytes: output.count)
    }
  }

  private func close(_ batch: Batch, with sequence: inout Sequence, appendingTo output: inout [UInt8]) {
    let bytes = batch.bytes.span
    var start = 0
    for end in batch.ends {
      sequence.close(bytes.extracting(start..<end), appendingTo: &output)
      start = end
    }
  }

  /// After a write that broke off: whole batches that got in are kept, the rest is taken back and lost.
  private func recover(
    from attempt: JournalFile.Attempt, of output: [UInt8], marks: [Mark], group: ArraySlice<Submission>,
    code: Int32
  ) {
    // The first mark is the gap's own line, or nothing; each further one is a batch.
    let keptBatches = marks.lastIndex { $0.end > 0 && $0.end <= attempt.written }
    var keptEnd = 0
    if let keptBatches {
      keptEnd = marks[keptBatches].end
      sequence = marks[keptBatches].sequence
      gap = nil
      file.closedOffLine()
    }
    let kept = group.prefix(keptBatches ?? 0)
    let lost = group.dropFirst(keptBatches ?? 0)
    var tornBytes = 0
    if !file.takeBack(attempt, keeping: keptEnd) {
      // Lines of the failed batch are out and cannot be called back: their numbers are used up. Nobody was
      // told that they are kept, which a log may always say less of than it holds.
      let out = output[keptEnd..<attempt.written]
      let lines = out.count { $0 == UInt8(ascii: "\n") }
      if let failed = lost.first { skip(lines, of: failed.batch) }
      tornBytes = out.count - (out.lastIndex(of: UInt8(ascii: "\n")).map { $0 - keptEnd + 1 } ?? 0)
      file.leftInsideLine(tornBytes > 0)
    }
    let error = AuditError.notWritten(code: code)
    note(lost: lost.reduce(0) { $0 + $1.batch.lineCount }, reason: error, tornBytes: tornBytes)
    settle(kept, kept: true, bytes: keptEnd)
    settle(lost, kept: false, bytes: attempt.written - keptEnd, failure: error)
  }

  private func skip(_ lines: Int, of batch: Batch) {
    var discarded: [UInt8] = []
    var start = 0
    for end in batch.ends.prefix(lines) {
      sequence.close(batch.bytes.span.extracting(start..<end), appendingTo: &discarded)
      start = end
    }
  }

  private func note(lost lines: Int, reason: AuditError, tornBytes: Int = 0) {
    var noted = gap ?? JournalRecord.Gap(lines: 0, since: .now(), reason: reason)
    noted.lines += lines
    noted.reason = reason
    if tornBytes > 0 { noted.tornBytes = tornBytes }
    gap = noted
    retryAt = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.retryMilliseconds)
  }

  /// Lines that submitters were refused are lost like any other, and belong into the record of the gap.
  private func noteRefused(_ waiting: inout Waiting) {
    guard waiting.refusedSinceLastWrite > 0 else { return }
    let lines = waiting.refusedSinceLastWrite
    waiting.refusedSinceLastWrite = 0
    note(lost: lines, reason: .queueFull(lines: waiting.counters.waiting, bytes: waiting.bytes))
  }

  /// Books the outcome, then tells who waits for it, outside the lock: a completion may submit again.
  private func settle(
    _ group: ArraySlice<Submission>, kept: Bool, bytes: Int, failure: AuditError? = nil
  ) {
    shared.withLock { waiting in
      waiting.completed(group, kept: kept)
      waiting.counters.bytes += bytes
      if kept { waiting.counters.writes += 1 }
      waiting.writingSince = waiting.submissions.isEmpty ? nil : .now()
      waiting.failure = failure.map { ($0, waiting.failure?.since ?? .now()) }
    }
    let result: Result<Void, AuditError> = failure.map { .failure($0) } ?? .success(())
    for submission in group { submission.completion(result) }
  }
}
