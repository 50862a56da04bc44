// What the next write says: the lines that wait, and what the log has to say of itself.
import Digests

/// Where one log stands, and what it owes: a record of its beginning, of a gap, of a checkpoint. Makes
/// blocks and does no I/O; a block that was not kept leaves no trace here.
struct Composer: ~Copyable, Sendable {
  /// Where the log stands: behind the last line that was kept.
  private(set) var chain: Chain
  /// What began and is not recorded yet.
  private(set) var beginning: Beginning?
  /// What was lost and is not recorded yet.
  private(set) var gap: JournalRecord.Gap?
  /// When a checkpoint is due at the latest; nil while nothing new would be covered.
  private(set) var checkpointAt: MonotonicTime?
  private var linesSinceCheckpoint = 0
  private var hash = SHA256()
  private let identity: LogIdentity
  private let key: AuditKey?

  init(chain: Chain, beginning: Beginning, identity: LogIdentity, key: AuditKey?) {
    self.chain = chain
    self.beginning = beginning
    self.identity = identity
    self.key = key
  }

  mutating func begin(_ begun: Beginning) {
    let tornBytes = beginning?.tornBytes ?? 0
    beginning = begun
    beginning?.tornBytes += tornBytes
  }

  mutating func lose(_ lines: Int, reason: AuditError, tornBytes: Int = 0) {
    var noted = gap ?? JournalRecord.Gap(lines: 0, since: .now(), reason: reason)
    noted.lines += lines
    noted.reason = reason
    noted.tornBytes += tornBytes
    gap = noted
  }

  /// The records that are owed, then the batches, then a checkpoint if it is time.
  mutating func compose(_ batches: ArraySlice<Submission>, policyDigest: String?) -> Block {
    var (lines, bytes) = (0, 0)
    for submission in batches {
      lines += submission.batch.lineCount
      bytes += submission.batch.byteCount
    }
    var block = Block(after: chain, lines: lines, bytes: bytes)
    let now = WallTime.now()
    if let beginning {
      // The first record owns up to all that is torn before it: a gap's, too.
      let opening = JournalRecord.Opening(
        cause: beginning.cause, gate: identity.gate, policyDigest: policyDigest,
        tornBytes: beginning.tornBytes + (gap?.tornBytes ?? 0))
      append(.open(opening), at: now, to: &block)
    }
    if var gap {
      if beginning != nil { gap.tornBytes = 0 }
      append(.gap(gap), at: now, to: &block)
    }
    for submission in batches { block.append(submission.batch, hash: &hash) }
    if isCheckpointDue(after: block.lineCount) {
      append(.checkpoint, at: now, to: &block)
    }
    return block
  }

  /// The block that ends a file or a run.
  mutating func close(cause: String) -> Block {
    var block = Block(after: chain)
    append(.close(cause: cause), at: .now(), to: &block)
    return block
  }

  /// The first `lines` lines of `block` are in the log.
  mutating func keep(_ lines: Int, of block: borrowing Block) {
    guard lines > 0 else { return }
    chain = block.chain(afterLines: lines)
    let owed = (beginning == nil ? 0 : 1) + (gap == nil ? 0 : 1)
    if lines >= owed { gap = nil }
    if beginning != nil { gap?.tornBytes = 0 }
    beginning = nil
    guard key != nil else { return }
    if lines == block.lineCount, block.endsSigned {
      linesSinceCheckpoint = 0
      checkpointAt = nil
    } else {
      linesSinceCheckpoint += lines
      checkpointAt =
        checkpointAt ?? MonotonicTime.now().advanced(byMilliseconds: AuditLimits.checkpointMilliseconds)
    }
  }

  private func isCheckpointDue(after lines: Int) -> Bool {
    guard key != nil else { return false }
    return linesSinceCheckpoint + lines >= AuditLimits.linesPerCheckpoint
      || checkpointAt.map { $0 <= .now() } ?? false
  }

  private mutating func append(_ record: JournalRecord, at now: WallTime, to block: inout Block) {
    let line = record.openLine(after: block.chain, at: now, key: key, process: identity.process)
    block.append(record: line.span, isSigned: key != nil && record.isSigned, hash: &hash)
  }
}

/// Who writes a log.
struct LogIdentity: Sendable {
  /// Name and version, as the opening record shows them.
  let gate: String
  let process: Int32
}
