// Lines of a log to lines of an extract.
import Digests

/// Holds lines back until a signature follows that proves them, and then writes them with what is needed in between; it
/// does no I/O. Feed it every record of a log in order.
struct ExtractComposer: ~Copyable {
  /// Why a line that is asked for is not in the extract.
  enum Obstacle: Sendable {
    /// In format 1 the next line's link takes the whole line.
    case oldFormat
    /// No signature follows, or none that vouches for it.
    case unsigned
  }

  private struct Item {
    let digest: SHA256Digest
    /// The line itself if it is to stand in the extract.
    var line: [UInt8]?
  }

  /// What is finished; anyone who writes it empties it.
  var output: [UInt8] = []
  private(set) var written: UInt64 = 0
  private(set) var unproven: [Obstacle: UInt64] = [:]
  private var hasHeader = false
  /// Nothing is needed of these; they come before `pending`.
  private var skipped: ClosedRange<UInt64>?
  /// The lines up to the last that was read of which something may be needed.
  private var pending: [Item] = []
  private var wantedItems = 0
  private var pendingBytes = 0
  private var last: (number: UInt64, link: SHA256Digest)?
  /// Numbers go back or are missing: the log is not sound, and nothing more is taken of it.
  private var isBroken = false
  private var hash = SHA256()
  private let isConnected: Bool

  /// - Parameter isConnected: whether the extract proves as well that all its lines are of one log, which takes the digests
  ///   of all lines between the first and the last.
  init(isConnected: Bool) { self.isConnected = isConnected }

  /// - Parameter vouches: the number from which on the record's own signature is good.
  mutating func read(_ line: Span<UInt8>, as parsed: LogLine, isWanted: Bool, vouches from: UInt64?) {
    if let last, last.number &+ 1 != parsed.sequence { isBroken = true }
    if isBroken { return }
    if let last, last.link != parsed.previous { forget(.oldFormat) }
    hash.update(line.extracting(..<parsed.bodyEnd))
    let digest = hash.finish()
    last = (parsed.sequence, hash.digest(of: parsed.previous, and: digest))
    pending.append(Item(digest: digest, line: isWanted ? Self.bytes(of: line) : nil))
    if isWanted {
      wantedItems += 1
      pendingBytes += line.count
    }
    if let from { disclaim(before: from, lastNumber: parsed.sequence) }
    let isNeeded = wantedItems > 0 || isConnected && hasHeader
    if from != nil, wantedItems > 0 || isNeeded && pending.count >= AuditLimits.digestsPerLine {
      pending[pending.count - 1].line = Self.bytes(of: line)
      write(upTo: parsed.sequence)
    } else if !isNeeded {
      skip()
    } else if pending.count > AuditLimits.extractLines || pendingBytes > AuditLimits.extractBytes {
      forget(.unsigned)
    }
  }

  /// What no signature has followed is left out.
  mutating func finish() { forget(.unsigned) }

  /// Lines before this number the signature does not vouch for: they stay links of the chain.
  private mutating func disclaim(before from: UInt64, lastNumber: UInt64) {
    guard wantedItems > 0 else { return }
    let first = lastNumber - UInt64(pending.count - 1)
    guard first < from else { return }
    for index in pending.indices where first + UInt64(index) < from && pending[index].line != nil {
      pending[index].line = nil
      wantedItems -= 1
      unproven[.unsigned, default: 0] += 1
    }
  }

  private mutating func forget(_ obstacle: Obstacle) {
    if wantedItems > 0 { unproven[obstacle, default: 0] += UInt64(wantedItems) }
    skip()
  }

  private mutating func skip() {
    defer { clear() }
    guard let last, !pending.isEmpty else { return }
    skipped = (skipped?.lowerBound ?? last.number - UInt64(pending.count - 1))...last.number
  }

  private mutating func clear() {
    pending.removeAll(keepingCapacity: true)
    (wantedItems, pendingBytes) = (0, 0)
  }

  private mutating func write(upTo number: UInt64) {
    if !hasHeader {
      hasHeader = true
      append("{\"extract\":\"peergate audit log\",\"format\":\(ExtractLine.format)}\n")
    }
    if let skipped {
      append("{\"left_out\":{\"first\":\(skipped.lowerBound),\"last\":\(skipped.upperBound)}}\n")
    }
    skipped = nil
    let first = number - UInt64(pending.count - 1)
    var run: Range<Int> = 0..<0
    for (index, item) in pending.enumerated() {
      if let line = item.line {
        write(run, first: first)
        output += line
        run = index + 1..<index + 1
      } else {
        run = run.lowerBound..<index + 1
        if run.count == AuditLimits.digestsPerLine {
          write(run, first: first)
          run = index + 1..<index + 1
        }
      }
    }
    written += UInt64(wantedItems)
    clear()
  }

  private mutating func write(_ run: Range<Int>, first: UInt64) {
    if run.isEmpty { return }
    let numbers = (first + UInt64(run.lowerBound), first + UInt64(run.upperBound) - 1)
    append("{\"left_out\":{\"first\":\(numbers.0),\"last\":\(numbers.1),\"digests\":\"")
    let digests = pending[run].flatMap { $0.digest.bytes }
    Base64.append(digests.span, to: &output)
    append("\"}}\n")
  }

  private mutating func append(_ text: String) { output += Array(text.utf8) }

  /// With a newline, which the last line of a file may lack.
  private static func bytes(of line: Span<UInt8>) -> [UInt8] {
    line.indices.map { line[$0] } + (line.isTerminated ? [] : [UInt8(ascii: "\n")])
  }
}
