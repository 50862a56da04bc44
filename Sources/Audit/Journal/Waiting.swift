// The batches that wait for the journal's thread, and what is known about their fate.

/// A batch and the task that waits for it.
struct Submission: Sendable {
  let batch: Batch
  /// Nil where nobody waits: a sink with the guarantee `best-effort`.
  let completion: (@Sendable (Result<Void, AuditError>) -> Void)?
}

/// What a journal has done since it was opened. Lines that it wrote about itself are not in `kept`.
package struct JournalCounters: Sendable, Equatable {
  /// Lines the kernel has taken.
  package internal(set) var kept = 0
  /// Lines of batches that failed.
  package internal(set) var failed = 0
  /// Lines refused at once because too much was waiting.
  package internal(set) var refused = 0
  /// Bytes the kernel has taken, those about the journal itself included.
  package internal(set) var bytes = 0
  package internal(set) var batches = 0
  /// Writes that brought them there: `batches / writes` is what grouping gained.
  package internal(set) var writes = 0
  /// Lines waiting now, those being written included.
  package internal(set) var waiting = 0
}

/// Whether records can be kept; readiness follows it.
package enum JournalHealth: Sendable, Equatable {
  case keeping
  /// The last write failed. The journal tries again with every batch, and once a second by itself.
  case failing(AuditError, since: WallTime)
  /// A write has been running for longer than `AuditLimits.stalledAfterMilliseconds`.
  case stalled(milliseconds: Int64)
  case closed

  package var isKeeping: Bool { self == .keeping }
}

/// The state that submitters and the thread of one sink share.
struct Waiting: Sendable {
  var submissions: [Submission] = []
  /// Of all that is not completed yet, hence also of what the thread has taken.
  var bytes = 0
  var counters = JournalCounters()
  var failure: (error: AuditError, since: WallTime)?
  var writingSince: MonotonicTime?
  /// Lines refused since the thread last looked; they belong into the gap it records.
  var refusedSinceLastWrite = 0
  /// The operator asked for the file to be opened anew.
  var isReopening = false
  /// For the next opening record.
  var policyDigest: String?
  /// Where the log stood after the last write.
  var chain = Chain.beginning
  /// Lines of a gap that the thread could not record before it ended.
  var unrecordedLines = 0
  var isClosing = false
  /// The closer no longer waits: the thread leaves as soon as the kernel lets it.
  var isAbandoned = false
  var isFinished = false

  mutating func add(_ submission: Submission, limits: SinkSettings) throws(AuditError) {
    guard !isClosing else { throw .closed }
    let lines = submission.batch.lineCount
    guard counters.waiting + lines <= limits.waitingLines,
      bytes + submission.batch.byteCount <= limits.waitingBytes
    else {
      counters.refused += lines
      refusedSinceLastWrite += lines
      throw .queueFull(lines: counters.waiting, bytes: bytes)
    }
    counters.waiting += lines
    bytes += submission.batch.byteCount
    submissions.append(submission)
  }

  func health(at now: MonotonicTime) -> JournalHealth {
    if isClosing { return .closed }
    if let writingSince {
      let milliseconds = (now.nanoseconds - writingSince.nanoseconds) / 1_000_000
      if milliseconds >= AuditLimits.stalledAfterMilliseconds { return .stalled(milliseconds: milliseconds) }
    }
    if let failure { return .failing(failure.error, since: failure.since) }
    return .keeping
  }

  mutating func completed(_ submissions: ArraySlice<Submission>, kept: Bool) {
    for submission in submissions {
      let lines = submission.batch.lineCount
      counters.waiting -= lines
      bytes -= submission.batch.byteCount
      if kept {
        counters.kept += lines
        counters.batches += 1
      } else {
        counters.failed += lines
      }
    }
  }
}
