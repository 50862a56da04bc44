// A sink's thread: takes what waits, writes it, tells who waited.

/// Everything only the thread of one sink touches. It is made by anyone who opens the journal and handed
/// over to the thread for good.
final class SinkWriter<Destination: Sink & ~Copyable> {
  private let shared: Monitor<Waiting>
  private let notify: @Sendable (JournalNotice.Event) -> Void
  private var sink: Destination
  private var composer: BlockBuilder
  private var retryAt: MonotonicTime?
  /// Nil while all lines are kept.
  private var outage: JournalNotice.Outage?
  /// Of one sink of a journal.
  private var clock: ClockWatch?
  private var rotateAgainAt: MonotonicTime?
  private var anchors: [AnchorSchedule]

  init(
    shared: Monitor<Waiting>, sink: consuming Destination, composer: consuming BlockBuilder,
    anchors: [AnchorSchedule] = [], clock: ClockWatch? = nil,
    notify: @escaping @Sendable (JournalNotice.Event) -> Void
  ) {
    self.shared = shared
    self.sink = sink
    self.composer = composer
    self.anchors = anchors
    self.clock = clock
    self.notify = notify
  }

  func run() {
    var work: Work? = shared.withLock { take(from: &$0) }
    while let current = work {
      if let refused = current.refused { noteLoss(of: refused.lines, refused.reason) }
      var rest = current.submissions[...]
      // Once even if nothing waits: then it is time for a record of our own.
      repeat { write(nextGroup(of: &rest), work: current) } while !rest.isEmpty
      for index in anchors.indices { anchors[index].noteIfDue(composer.chain) }
      work = take()
    }
    finish()
  }

  private struct Work {
    var submissions: [Submission] = []
    var isReopening = false
    var policyDigest: String?
    /// Lines that submitters could not hand over.
    var refused: (lines: Int, reason: AuditError)?
  }

  /// What waits, sleeping until something does; nothing when it is time for a record of our own; nil at
  /// the end.
  private func take() -> Work? {
    let deadline = ([retryAt, composer.checkpointAt] + anchors.map(\.dueAt)).compactMap { $0 }.min()
    let work: Work?? = shared.wait(until: deadline) { waiting in
      if waiting.isAbandoned { return .some(nil) }
      guard !waiting.submissions.isEmpty || waiting.isReopening || waiting.refusedSinceLastWrite > 0 else {
        return waiting.isClosing ? .some(nil) : nil
      }
      return take(from: &waiting)
    }
    return work ?? shared.withLock { take(from: &$0) }
  }

  private func take(from waiting: inout Waiting) -> Work {
    var work = Work(isReopening: waiting.isReopening, policyDigest: waiting.policyDigest)
    swap(&work.submissions, &waiting.submissions)
    waiting.isReopening = false
    waiting.writingSince = .now()
    if waiting.refusedSinceLastWrite > 0 {
      // Lines that submitters were refused are lost like any other.
      let reason = AuditError.queueFull(lines: waiting.counters.waiting, bytes: waiting.bytes)
      composer.lose(waiting.refusedSinceLastWrite, reason: reason)
      work.refused = (waiting.refusedSinceLastWrite, reason)
      waiting.refusedSinceLastWrite = 0
    }
    return work
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

  private func write(_ group: ArraySlice<Submission>, work: Work) {
    var failure = AuditError.closed
    // Twice at most: the second time into a new file, when the first was deleted under our hands.
    for _ in 0..<2 {
      do throws(AuditError) {
        if let begun = try sink.prepare(isReopening: work.isReopening) { begin(begun) }
      } catch {
        return conclude(.broken(keptLines: 0, error), group: group, lines: group.lineCount, kept: 0, bytes: 0)
      }
      let now = readClock()
      rotateIfDue(before: group.byteCount, at: now)
      let block = composer.compose(group, policyDigest: work.policyDigest, at: now)
      guard block.lineCount > 0 else { return settle([], kept: true, bytes: 0) }
      let attempt = append(block)
      if let error = attempt.failure, attempt.isVanished {
        failure = error
        continue
      }
      composer.keep(attempt.keptLines, of: block)
      let keptBatches = block.batchCount(withinLines: attempt.assuredLines)
      let lost = group.lineCount - block.batchLineCount(withinLines: attempt.assuredLines)
      return conclude(
        attempt, group: group, lines: lost, kept: keptBatches,
        bytes: block.byteCount(ofLines: attempt.keptLines))
    }
    conclude(.broken(keptLines: 0, failure), group: group, lines: group.lineCount, kept: 0, bytes: 0)
  }

  private func append(_ block: borrowing Block) -> Attempt {
    let shared = shared
    return sink.append(block) { shared.withLock { $0.isAbandoned } }
  }

  private func begin(_ begun: Beginning) {
    notify(JournalNotice.Event(begun))
    for path in begun.strangers { notify(.leftAlone(path: path)) }
    composer.begin(begun)
  }

  /// The time of this write's own records.
  private func readClock() -> WallTime {
    let reading = ClockWatch.read()
    if let step = clock?.check(reading, again: ClockWatch.read) {
      notify(.clockSetBack(from: step.from, to: step.to))
    }
    return reading.wall
  }

  private func rotateIfDue(before bytes: Int, at now: WallTime) {
    guard sink.isRotationDue(before: bytes, at: now), rotateAgainAt.map({ $0 <= .now() }) ?? true else {
      return
    }
    do throws(AuditError) {
      let block = composer.close(cause: "rotation", at: now)
      let attempt = append(block)
      composer.keep(attempt.keptLines, of: block)
      if let failure = attempt.failure { throw failure }
      begin(try sink.rotate(at: now))
      rotateAgainAt = nil
    } catch {
      // A file that is too long is better than a line that is lost.
      rotateAgainAt = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.rotateAgainMilliseconds)
      notify(.rotationFailed(error))
    }
  }

  /// Books what a write came to, for the first `kept` batches of `group` and for the rest of it.
  private func conclude(
    _ attempt: Attempt, group: ArraySlice<Submission>, lines lost: Int, kept: Int, bytes: Int
  ) {
    guard let failure = attempt.failure else {
      retryAt = nil
      if let outage { notify(.recovered(outage)) }
      outage = nil
      return settle(group, kept: true, bytes: bytes)
    }
    noteLoss(of: lost, failure)
    retryAt = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.retryMilliseconds)
    composer.lose(lost, reason: failure, torn: attempt.torn)
    settle(group.prefix(kept), kept: true, bytes: bytes)
    settle(group.dropFirst(kept), kept: false, bytes: 0, failure: failure)
  }

  private func noteLoss(of lines: Int, _ reason: AuditError) {
    if outage == nil {
      outage = JournalNotice.Outage(since: .now())
      notify(.failing(reason, waiting: shared.withLock { $0.counters.waiting }))
    }
    outage?.lostLines += lines
  }

  /// Books the fate of batches, then tells who waits for it, outside the lock: a completion may submit
  /// again.
  private func settle(
    _ group: ArraySlice<Submission>, kept: Bool, bytes: Int, failure: AuditError? = nil
  ) {
    shared.withLock { waiting in
      waiting.completed(group, kept: kept)
      waiting.counters.bytes += bytes
      if bytes > 0 { waiting.counters.writes += 1 }
      waiting.writingSince = waiting.submissions.isEmpty ? nil : .now()
      waiting.failure = failure.map { ($0, waiting.failure?.since ?? .now()) }
      waiting.chain = composer.chain
    }
    let result: Result<Void, AuditError> = failure.map { .failure($0) } ?? .success(())
    for submission in group { submission.completion?(result) }
  }

  private func finish() {
    if !shared.withLock({ $0.isAbandoned }) {
      if composer.gap != nil { write([], work: Work()) }
      let block = composer.close(cause: "stop")
      composer.keep(append(block).keptLines, of: block)
    }
    sink.end()
    for anchor in anchors { anchor.finish(composer.chain) }
    let lost = composer.gap?.lines ?? 0
    shared.withLock { waiting in
      waiting.isFinished = true
      waiting.unrecordedLines = lost
      waiting.chain = composer.chain
    }
    shared.wake()
  }
}

extension ArraySlice<Submission> {
  fileprivate var lineCount: Int { reduce(0) { $0 + $1.batch.lineCount } }
  fileprivate var byteCount: Int {
    reduce(0) { $0 + $1.batch.byteCount + $1.batch.lineCount * AuditLimits.lineEndBytes }
  }
}
