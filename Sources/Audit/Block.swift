// The lines of one write.
import Digests

/// Finished lines on their way into a sink, in the order of their numbers.
struct Block: ~Copyable {
  private(set) var bytes: [UInt8] = []
  /// Where in `bytes` each line ends, behind its newline.
  private(set) var lineEnds: [Int] = []
  /// Counts of lines after which a broken write may be cut: a batch stays or goes as one.
  private(set) var boundaries: [Int] = []
  /// Records of the journal's own before the first batch.
  private(set) var leadingRecords = 0
  /// Counts of lines after which each batch is whole.
  private var batchEnds: [Int] = []
  /// Whether the last line is a record that a key signed.
  private(set) var endsSigned = false
  private let before: Chain
  /// Where the log stands once all of the block is in it.
  private(set) var chain: Chain

  /// With room for so many lines of a batch, so many bytes of them, and a few records besides.
  init(after chain: Chain, lines: Int = 0, bytes count: Int = 0) {
    before = chain
    self.chain = chain
    bytes.reserveCapacity(count + lines * AuditLimits.lineEndBytes + AuditLimits.usualLineBytes)
    lineEnds.reserveCapacity(lines + 3)
  }

  var lineCount: Int { lineEnds.count }

  mutating func append(record: Span<UInt8>, isSigned: Bool, hash: inout SHA256) {
    append(record, hash: &hash)
    endsSigned = isSigned
    if batchEnds.isEmpty { leadingRecords += 1 }
    boundaries.append(lineCount)
  }

  mutating func append(_ batch: Batch, hash: inout SHA256) {
    let lines = batch.bytes.span
    var start = 0
    for end in batch.ends {
      append(lines.extracting(start..<end), hash: &hash)
      start = end
    }
    endsSigned = false
    batchEnds.append(lineCount)
    boundaries.append(lineCount)
  }

  private mutating func append(_ line: Span<UInt8>, hash: inout SHA256) {
    chain.close(line, appendingTo: &bytes, hash: &hash)
    lineEnds.append(bytes.count)
  }

  /// Batches that are whole within the first `count` lines.
  func batchCount(withinLines count: Int) -> Int { batchEnds.firstIndex { $0 > count } ?? batchEnds.count }

  /// Where the log stands if only the first `count` lines are in it.
  func chain(afterLines count: Int) -> Chain {
    guard count > 0 else { return before }
    guard count < lineCount else { return chain }
    let start = count > 1 ? lineEnds[count - 2] : 0
    let line = bytes.span.extracting(start..<lineEnds[count - 1])
    return Chain(last: before.last + UInt64(count), link: SHA256.digest(of: line))
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
