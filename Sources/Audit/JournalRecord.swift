// What the journal records of itself.
import Digests
import JSON

/// Lines that no request caused:
///
/// | `event_type` | payload | when |
/// |---|---|---|
/// | `audit-open` | `cause`, `gate`, `process`, `policy_digest`, `torn_bytes`, `key`, `signature` | first line of every file and run |
/// | `audit-gap` | `lost` lines not kept since `since`, `reason`, `torn_bytes` | first line after a failure |
/// | `audit-checkpoint` | `key`, `signature` | every so many lines and seconds, when there is a key |
/// | `audit-close` | `cause`, `key`, `signature` | last line of a file that was rotated, and of a clean stop |
///
/// `key` and `signature` are there when there is a key: see `AuditKey`.
/// `torn_bytes` is the length of the unfinished lines right before the record, which are no part of the
/// chain. Lost lines were refused, not forgotten: whoever waited for one was told that it is not kept.
enum JournalRecord: Sendable {
  case open(Opening)
  case gap(Gap)
  case checkpoint
  case close(cause: String)

  struct Opening: Sendable {
    var cause: Beginning.Cause
    var gate: String
    var policyDigest: String?
    var tornBytes = 0
  }

  /// Lines that were not kept.
  struct Gap: Sendable, Equatable {
    var lines: Int
    var since: WallTime
    var reason: AuditError
    var tornBytes = 0
  }

  var eventType: String {
    switch self {
    case .open: "audit-open"
    case .gap: "audit-gap"
    case .checkpoint: "audit-checkpoint"
    case .close: "audit-close"
    }
  }

  var isSigned: Bool { if case .gap = self { false } else { true } }

  /// The record as an open line that will follow upon `chain`.
  func openLine(after chain: Chain, at now: WallTime, key: AuditKey?, process: Int32) -> [UInt8] {
    var timestamp = TimestampFormatter()
    timestamp.format(now)
    var writer = Writer()
    writer.beginObject()
    writer.member("created_at", timestamp.text.span)
    writer.member("event_type", eventType)
    writer.beginObject("payload")
    writePayload(process: process, to: &writer)
    if isSigned, let key,
      let signature = key.signature(
        eventType: eventType, sequence: chain.last + 1, previous: chain.link, createdAt: timestamp.text)
    {
      writer.key("key")
      let publicKey = key.publicKey.bytes
      writer.string(Base64.encode(publicKey.span))
      writer.member("signature", signature)
    }
    writer.endObject()
    writer.endObject()
    var line = writer.finish()
    line.removeLast()
    return line
  }

  private func writePayload(process: Int32, to writer: inout Writer) {
    switch self {
    case .open(let opening):
      writer.member("cause", opening.cause.rawValue)
      writer.member("gate", opening.gate)
      writer.member("process", Int(process))
      if let policyDigest = opening.policyDigest {
        writer.member("policy_digest", policyDigest)
      }
      writeTorn(opening.tornBytes, to: &writer)
    case .gap(let gap):
      writer.member("lost", gap.lines)
      writer.key("since")
      var timestamp = TimestampFormatter()
      timestamp.format(gap.since)
      writer.string(timestamp.text.span)
      writer.member("reason", gap.reason.description)
      writeTorn(gap.tornBytes, to: &writer)
    case .checkpoint: break
    case .close(let cause):
      writer.member("cause", cause)
    }
  }

  private func writeTorn(_ bytes: Int, to writer: inout Writer) {
    guard bytes > 0 else { return }
    writer.member("torn_bytes", bytes)
  }
}
