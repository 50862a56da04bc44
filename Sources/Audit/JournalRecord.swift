// What the journal records of itself.
import JSON

/// Lines that no request caused:
///
/// | `event_type` | payload | when |
/// |---|---|---|
/// | `audit-gap` | `lost` lines that could not be kept since `since`, `reason` | the first line after a failure |
///
/// Lost lines were refused, not forgotten: whoever waited for one of them was told that it is not kept.
enum JournalRecord {
  case gap(Gap)

  /// Lines that were not kept.
  struct Gap: Sendable, Equatable {
    var lines: Int
    var since: WallTime
    var reason: AuditError
    /// Bytes of an unfinished line that stand before this record because they could not be taken back.
    var tornBytes = 0
  }

  /// The record as an open line.
  func openLine(at now: WallTime) -> [UInt8] {
    var timestamp = TimestampFormatter()
    timestamp.format(now)
    var writer = Writer()
    writer.beginObject()
    writer.key("created_at")
    writer.string(timestamp.text.span)
    writer.key("event_type")
    switch self {
    case .gap(let gap):
      writer.string("audit-gap")
      writer.key("payload")
      writer.beginObject()
      writer.key("lost")
      writer.number(gap.lines)
      writer.key("since")
      timestamp.format(gap.since)
      writer.string(timestamp.text.span)
      writer.key("reason")
      writer.string(gap.reason.description)
      if gap.tornBytes > 0 {
        writer.key("torn_bytes")
        writer.number(gap.tornBytes)
      }
      writer.endObject()
    }
    writer.endObject()
    var line = writer.finish()
    line.removeLast()
    return line
  }
}
