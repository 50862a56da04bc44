// Answers that nobody wanted recorded: their number is.

internal import Audit
internal import Peering

/// Of one worker. Counted here and put on record at intervals and at the end, so that the log says how much it does
/// not say.
struct UnrecordedResponses {
  private var reads = 0
  private var lists = 0
  private var since: WallTime?

  mutating func count(_ operation: Operation) {
    if since == nil { since = .now() }
    if operation == .list { lists += 1 } else { reads += 1 }
  }

  /// What was counted since the last time, or nil if nothing was.
  mutating func takeEvent() -> GateEvent? {
    guard let since else { return nil }
    defer { self = UnrecordedResponses() }
    return GateEvent(
      .unrecorded, facts: [("since", .time(since)), ("read", .number(reads)), ("list", .number(lists))])
  }
}
