// Answers that the log may show as given, and that nobody got.

internal import Audit
internal import HTTP

/// Of one worker: requests whose record came too late, or is in some sinks and not in all that are demanded, so that the
/// client was told that there is none. The log owns up to them as soon as anything can be written.
struct WithheldResponses {
  private var ids: [String] = []
  /// Beyond `RecordLimits.withheldIDs`.
  private var more = 0

  var isEmpty: Bool { ids.isEmpty && more == 0 }

  mutating func append(_ id: FieldValue) {
    if ids.count < RecordLimits.withheldIDs { ids.append(id.text) } else { more += 1 }
  }

  /// Those whose events are on their way, and which come back if they are not kept.
  mutating func take() -> WithheldResponses {
    defer { self = WithheldResponses() }
    return self
  }

  mutating func putBack(_ taken: WithheldResponses) {
    let room = RecordLimits.withheldIDs - ids.count
    ids += taken.ids.prefix(room)
    more += taken.more + max(0, taken.ids.count - room)
  }

  var events: [GateEvent] {
    var events = stride(from: 0, to: ids.count, by: RecordLimits.withheldIDsPerEvent).map { start in
      GateEvent(
        .withheld, facts: [("ids", .list(Array(ids[start...].prefix(RecordLimits.withheldIDsPerEvent))))])
    }
    if more > 0 { events.append(GateEvent(.withheld, facts: [("more", .number(more))])) }
    return events
  }
}
