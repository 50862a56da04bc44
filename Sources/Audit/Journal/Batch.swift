// The lines of one event-loop turn on their way to the journal.

/// Lines as a worker encoded them, each without its end: the journal alone knows `seq`, and adds it with
/// the closing brace and the newline.
///
/// A value, so that a worker hands it over whole and starts an empty one; nothing of it is shared.
package struct Batch: Sendable {
  /// The open lines one after another.
  private(set) var bytes: [UInt8] = []
  /// Where in `bytes` each line ends.
  private(set) var ends: [Int] = []

  package init() {}

  /// An empty one with room for as much as `last` held: turns of a busy worker are alike.
  package init(after last: borrowing Batch) {
    bytes.reserveCapacity(last.bytes.count + 4 * AuditLimits.usualLineBytes)
    ends.reserveCapacity(last.ends.count)
  }

  package var lineCount: Int { ends.count }
  package var byteCount: Int { bytes.count }
  package var isEmpty: Bool { ends.isEmpty }

  /// When its first line was made, as that says itself. All of a batch are made in one turn of a loop.
  private(set) var firstTime: WallTime?

  func forEachLine(_ body: (Span<UInt8>) -> Void) {
    let lines = bytes.span
    var start = 0
    for end in ends {
      body(lines.extracting(start..<end))
      start = end
    }
  }

  /// Appends one open line made at `now`, for which `write` has room for `room` bytes.
  mutating func appendLine(at now: WallTime, within room: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    if firstTime == nil { firstTime = now }
    // Room for several lines of the usual length, so that a turn's lines are moved seldom.
    if bytes.capacity - bytes.count < room {
      bytes.reserveCapacity(max(2 * bytes.capacity, bytes.count + room + 4 * AuditLimits.usualLineBytes))
    }
    bytes.append(addingCapacity: room, initializingWith: write)
    ends.append(bytes.count)
  }

  /// Lends the bytes to `write`, which appends one open line to them.
  mutating func appendLine(at now: WallTime, _ write: (consuming [UInt8]) -> [UInt8]) {
    if firstTime == nil { firstTime = now }
    // Taken out for the time being: a second owner would make the writer copy everything.
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    if taken.capacity - taken.count < AuditLimits.usualLineBytes {
      taken.reserveCapacity(max(2 * taken.capacity, taken.count + 4 * AuditLimits.usualLineBytes))
    }
    bytes = write(consume taken)
    ends.append(bytes.count)
  }
}
