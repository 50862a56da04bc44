// The promise that a record is kept: batches in, and word when the kernel has them.

package struct JournalSettings: Sendable {
  /// A file, a FIFO, or a device such as `/dev/stdout`.
  package var path: String
  /// Lines that may wait for the sink; at least one batch's worth.
  package var waitingLines = AuditLimits.waitingLines
  /// Bytes that may wait for the sink.
  package var waitingBytes = AuditLimits.waitingBytes

  package init(path: String) { self.path = path }
}

/// The audit log, open for writing. Any thread may submit; no call but `close` ever waits.
///
/// A thread of the journal's own takes every batch that waits, numbers the lines and hands them to the
/// kernel in one write. A sink that blocks therefore blocks that thread alone: completions come late, and
/// whoever waits for one gives up at a deadline of its own.
package final class Journal: Sendable {
  /// What was found when the file was opened, for the operator's log.
  package let opening: JournalOpening
  private let settings: JournalSettings
  private let shared: Monitor<Waiting>

  private init(settings: JournalSettings, opening: JournalOpening, shared: Monitor<Waiting>) {
    self.settings = settings
    self.opening = opening
    self.shared = shared
  }

  deinit {
    shared.withLock { $0.isClosing = true }
    shared.wake()
  }

  /// Opens the sink, which proves that it can be written, closes off what a crash left unfinished, and
  /// starts the thread.
  package static func open(_ settings: JournalSettings) throws(AuditError) -> Journal {
    let shared = Monitor(Waiting())
    var file = try JournalFile.open(settings.path)
    let opening = try file.findEnd()
    let scribe = Scribe(shared: shared, file: file, opening: opening)
    try JournalThread.start(name: "audit") { scribe.run() }
    return Journal(settings: settings, opening: opening, shared: shared)
  }

  /// Queues `batch` behind everything submitted before.
  ///
  /// `completion` is called exactly once, with success when the kernel has every line of the batch, else
  /// with the reason why none of them counts as kept. It runs on the journal's thread (with the
  /// guarantee `best-effort`, on the caller's, before this returns) and must not block. Throws `queueFull`
  /// or `closed` at once, and then never calls it. An empty batch is kept by definition.
  package func submit(
    _ batch: Batch, completion: @escaping @Sendable (Result<Void, AuditError>) -> Void
  ) throws(AuditError) {
    let submission = Submission(batch: batch, completion: completion)
    let settings = settings
    try shared.withLock { waiting throws(AuditError) in try waiting.add(submission, limits: settings) }
    shared.wake()
  }

  package var counters: JournalCounters { shared.withLock { $0.counters } }

  package var health: JournalHealth {
    shared.withLock { waiting in
      if waiting.isClosing { return .closed }
      if let since = waiting.writingSince {
        let milliseconds = (MonotonicTime.now().nanoseconds - since.nanoseconds) / 1_000_000
        if milliseconds >= AuditLimits.stalledAfterMilliseconds {
          return .stalled(milliseconds: milliseconds)
        }
      }
      if let failure = waiting.failure { return .failing(failure.error, since: failure.since) }
      return .keeping
    }
  }

  /// Takes no more batches, writes what waits, and closes the file. Blocks the caller for at most
  /// `milliseconds`; batches that wait even then fail with `closed`. Returns the lines that were not kept
  /// by then, those of a gap not yet recorded included. A second call returns nothing further.
  package func close(withinMilliseconds milliseconds: Int64) -> Int {
    let deadline = MonotonicTime.now().advanced(byMilliseconds: milliseconds)
    shared.withLock { $0.isClosing = true }
    shared.wake()
    let lost: Int? = shared.wait(until: deadline) { $0.isFinished ? $0.unrecordedLines : nil }
    if let lost { return lost }

    let left = shared.withLock { waiting in
      waiting.isAbandoned = true
      var left: [Submission] = []
      swap(&left, &waiting.submissions)
      waiting.completed(left[...], kept: false)
      return left
    }
    shared.wake()
    for submission in left { submission.completion(.failure(.closed)) }
    return left.reduce(shared.withLock { $0.counters.waiting + $0.unrecordedLines }) {
      $0 + $1.batch.lineCount
    }
  }
}
