// The lines of one write.
import Digests

/// Finished lines on their way into a sink, in the order of their numbers.
struct Block: ~Copyable {
  private(set) var bytes: [UInt8] = []
  /// Where in `bytes` each line ends, behind its newline.
  private(set) var lineEnds: [Int] = []
  /// Counts of lines after which a broken write may be cut: a batch stays or goes as one.
  private(set) var boundaries: [Int] = []
  /// Counts of lines after which each batch is whole.
  private var batchEnds: [Int] = []
  /// Counts of lines after which each record of the journal's own is in.
  private var recordEnds: [Int] = []
  /// Those of them that a key signed.
  private var signatures: [Int] = []
  private let before: Chain
  /// Where the log stands once all of the block is in it.
  private(set) var chain: Chain
  private let unsignedBefore: (lines: Int, since: WallTime?)
  /// Lines without a signature over them, those before the block included, once all of the block is in the log.
  private(set) var unsignedLines: Int
  /// When the first of them was made.
  private(set) var unsignedSince: WallTime?
  /// Where in the block such a stretch begins, and when.
  private var stretches: [(line: Int, since: WallTime)] = []

  /// With room for so many lines of a batch, so many bytes of them, and a few records besides.
  init(
    after chain: Chain, unsignedLines: Int = 0, since: WallTime? = nil, lines: Int = 0, bytes count: Int = 0
  ) {
    before = chain
    self.chain = chain
    unsignedBefore = (unsignedLines, since)
    self.unsignedLines = unsignedLines
    unsignedSince = since
    bytes.reserveCapacity(count + lines * AuditLimits.lineEndBytes + AuditLimits.usualLineBytes)
    lineEnds.reserveCapacity(lines + 3)
  }

  var lineCount: Int { lineEnds.count }

  /// A record of the journal's own. Between the lines of one batch it ends nothing: the batch stays or goes as one.
  mutating func append(record: Span<UInt8>, at now: WallTime, isSigned: Bool, hash: inout SHA256) {
    append(record, at: now, hash: &hash)
    recordEnds.append(lineCount)
    if isSigned {
      signatures.append(lineCount)
      (unsignedLines, unsignedSince) = (0, nil)
    }
    if (boundaries.last ?? 0) + 1 == lineCount { boundaries.append(lineCount) }
  }

  /// One line of a batch.
  mutating func append(_ line: Span<UInt8>, at time: WallTime, hash: inout SHA256) {
    chain.close(line, appendingTo: &bytes, hash: &hash)
    lineEnds.append(bytes.count)
    unsignedLines += 1
    if unsignedSince == nil {
      unsignedSince = time
      stretches.append((lineCount, time))
    }
  }

  mutating func endBatch() {
    batchEnds.append(lineCount)
    boundaries.append(lineCount)
  }

  /// Lines of batches within the first `count` lines.
  func batchLineCount(withinLines count: Int) -> Int { count - recordEnds.count { $0 <= count } }

  func hasSignature(withinLines count: Int) -> Bool { signatures.contains { $0 <= count } }

  /// Lines without a signature over them if only the first `count` lines are in the log, and when the first was made.
  func unsigned(afterLines count: Int) -> (lines: Int, since: WallTime?) {
    let lines = signatures.last { $0 <= count }.map { count - $0 } ?? unsignedBefore.lines + count
    guard lines > 0 else { return (0, nil) }
    return (lines, stretches.last { $0.line <= count }?.since ?? unsignedBefore.since)
  }

  /// Batches that are whole within the first `count` lines.
  func batchCount(withinLines count: Int) -> Int { batchEnds.firstIndex { $0 > count } ?? batchEnds.count }

  /// Where the log stands if only the first `count` lines are in it.
  func chain(afterLines count: Int) -> Chain {
    guard count > 0 else { return before }
    guard count < lineCount else { return chain }
    let start = count > 1 ? lineEnds[count - 2] : 0
    let line = bytes.span.extracting(start..<lineEnds[count - 1])
    guard let chain = Chain(after: line, number: before.last + UInt64(count)) else {
      preconditionFailure("a line of ours has no link")
    }
    return chain
  }

  /// Lines with their newlines within the first `byteCount` bytes.
  func lineCount(within byteCount: Int) -> Int {
    lineEnds.firstIndex { $0 > byteCount } ?? lineCount
  }

  /// Lines that a reader takes for whole within the first `byteCount` bytes: the last may lack its newline. Cutting
  /// there leaves a line that stands, whose number must not be given again.
  func legibleLineCount(within byteCount: Int) -> Int {
    lineEnds.firstIndex { $0 - 1 > byteCount } ?? lineCount
  }

  /// The bytes of the first `count` lines.
  func byteCount(ofLines count: Int) -> Int { count > 0 ? lineEnds[count - 1] : 0 }
}
