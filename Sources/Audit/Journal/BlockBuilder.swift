// What the next write says: the lines that wait, and what the log has to say of itself.
import Digests

/// Where one log stands, and what it owes: a record of its beginning, of a gap, of a checkpoint. Makes
/// blocks and does no I/O; a block that was not kept leaves no trace here.
struct BlockBuilder: ~Copyable, Sendable {
  /// Where the log stands: behind the last line that was kept.
  private(set) var chain: Chain
  /// What began and is not recorded yet.
  private(set) var beginning: Beginning?
  /// What was lost and is not recorded yet.
  private(set) var gap: JournalRecord.Gap?
  /// When a checkpoint is due at the latest; nil while nothing new would be covered.
  private(set) var checkpointAt: MonotonicTime?
  /// Kept lines behind the last signature.
  private var unsignedLines = 0
  /// When the first of them was made.
  private var unsignedSince: WallTime?
  private var hash = SHA256()
  private let identity: LogIdentity
  /// Files of which it is not recorded yet that they are deleted.
  private var pruned: [PrunedFile] = []
  /// Lines after which that is recorded, in the block that was made last.
  private var prunedEnd: Int?
  /// Lines after which the gap is recorded, in the block that was made last; nil if it is not in it.
  private var gapEnd: Int?
  private let seal: JournalRecord.Seal?

  /// - Parameter chain: what was found. Whatever `key` signs from now on vouches for the lines behind it alone.
  init(chain: Chain, beginning: Beginning, identity: LogIdentity, key: AuditKey?) {
    self.chain = chain
    self.beginning = beginning
    self.identity = identity
    seal = key.map { JournalRecord.Seal(key: $0, from: chain.last + 1) }
  }

  mutating func begin(_ begun: Beginning) {
    let torn = beginning?.torn
    beginning = begun
    beginning?.torn = .joined(torn, begun.torn)
    pruned += begun.pruned
  }

  mutating func lose(_ lines: Int, reason: AuditError, torn: TornEnd? = nil) {
    var noted = gap ?? JournalRecord.Gap(lines: 0, since: .now(), reason: reason)
    noted.lines += lines
    noted.reason = reason
    noted.torn = .joined(noted.torn, torn)
    gap = noted
  }

  /// The records that are due, then the batches, then a checkpoint if it is time.
  mutating func compose(
    _ batches: ArraySlice<Submission>, policyDigest: String?, at now: WallTime = .now()
  ) -> Block {
    var (lines, bytes) = (0, 0)
    for submission in batches {
      lines += submission.batch.lineCount
      bytes += submission.batch.byteCount
    }
    gapEnd = nil
    var block = Block(
      after: chain, unsignedLines: unsignedLines, since: unsignedSince, lines: lines, bytes: bytes)
    if let beginning {
      // The first record owns up to all that is torn before it: a gap's, too.
      let opening = JournalRecord.Opening(
        cause: beginning.cause, gate: identity.gate, policyDigest: policyDigest,
        torn: .joined(beginning.torn, gap?.torn), found: beginning.found)
      append(.open(opening), at: now, to: &block)
    } else if let checkpointAt, checkpointAt <= .now() {
      append(.checkpoint, at: now, to: &block)
    }
    if var gap {
      signIfDue(before: now, &block, at: now)
      if beginning != nil { gap.torn = nil }
      append(.gap(gap), at: now, to: &block)
      gapEnd = block.lineCount
    }
    for file in pruned { append(.pruned(file), at: now, to: &block) }
    prunedEnd = block.lineCount
    for submission in batches {
      let time = submission.batch.firstTime ?? now
      signIfDue(before: time, &block, at: now)
      submission.batch.forEachLine { line in
        if isFull(block) { append(.checkpoint, at: now, to: &block) }
        block.append(line, at: time, hash: &hash)
      }
      block.endBatch()
    }
    if isFull(block) { append(.checkpoint, at: now, to: &block) }
    return block
  }

  /// The block that ends a file or a run.
  mutating func close(cause: String, at now: WallTime = .now()) -> Block {
    var block = Block(after: chain, unsignedLines: unsignedLines, since: unsignedSince)
    (gapEnd, prunedEnd) = (nil, nil)
    append(.close(cause: cause), at: now, to: &block)
    return block
  }

  /// The first `lines` lines of `block` are in the log.
  mutating func keep(_ lines: Int, of block: borrowing Block) {
    guard lines > 0 else { return }
    chain = block.chain(afterLines: lines)
    if let gapEnd, lines >= gapEnd { gap = nil }
    if let prunedEnd, lines >= prunedEnd { pruned = [] }
    if beginning != nil { gap?.torn = nil }
    beginning = nil
    guard seal != nil else { return }
    if block.hasSignature(withinLines: lines) { checkpointAt = nil }
    (unsignedLines, unsignedSince) = block.unsigned(afterLines: lines)
    guard unsignedLines > 0 else { return }
    checkpointAt =
      checkpointAt ?? MonotonicTime.now().advanced(byMilliseconds: AuditLimits.checkpointMilliseconds)
  }

  /// A checkpoint before a line of `time`, if that is far from the first one without a signature. A verifier reads the
  /// times of lines, not of writes: a disk that stood still for a while or a clock that was set must not make a log look
  /// as if somebody had taken signatures out.
  private mutating func signIfDue(before time: WallTime, _ block: inout Block, at now: WallTime) {
    guard seal != nil, let since = block.unsignedSince else { return }
    let distance = (time.microseconds - since.microseconds).magnitude
    guard distance >= UInt64(AuditLimits.checkpointMilliseconds) * 1_000 else { return }
    append(.checkpoint, at: now, to: &block)
  }

  private func isFull(_ block: borrowing Block) -> Bool {
    seal != nil && block.unsignedLines >= AuditLimits.linesPerCheckpoint
  }

  private mutating func append(_ record: JournalRecord, at now: WallTime, to block: inout Block) {
    let line = record.openLine(after: block.chain, at: now, process: identity.process, seal: seal)
    block.append(record: line.span, at: now, isSigned: seal != nil && record.isSigned, hash: &hash)
  }
}

/// Who writes a log.
struct LogIdentity: Sendable {
  /// Name and version, as the opening record shows them.
  let gate: String
  let process: Int32
}
