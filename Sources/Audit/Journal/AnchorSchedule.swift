// When an anchor is due.

/// The first line of a run is noted at once, then what has come by each interval, and the last line.
struct AnchorSchedule: Sendable {
  private let writer: AnchorWriter
  private let seconds: Int
  /// When the next anchor is due; nil while nothing new would be noted.
  private(set) var dueAt: MonotonicTime?
  /// What was noted last, and when.
  private var noted: (chain: Chain, at: MonotonicTime)?

  init(_ writer: AnchorWriter, seconds: Int) {
    self.writer = writer
    self.seconds = seconds
  }

  mutating func noteIfDue(_ chain: Chain) {
    guard chain != noted?.chain else {
      dueAt = nil
      return
    }
    let now = MonotonicTime.now()
    let due = dueAt ?? noted?.at.advanced(byMilliseconds: Int64(seconds) * 1_000) ?? now
    guard due <= now else {
      dueAt = due
      return
    }
    writer.note(chain)
    (noted, dueAt) = ((chain, now), nil)
  }

  /// Notes the last line, and waits a moment until it is.
  func finish(_ chain: Chain) {
    if chain != noted?.chain { writer.note(chain) }
    writer.finish()
  }
}
