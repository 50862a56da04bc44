// What the journal records of itself.
import Digests
import JSON

/// Lines that no request caused:
///
/// | `event_type` | payload | when |
/// |---|---|---|
/// | `audit-open` | `cause`, `gate`, `process`, `format`, `policy_digest`, `found.last`, `found.signed_to`, `found.unsigned`, `found.clean`, `found.next_missing`, `previous_key`, `torn_bytes`, `torn_digest`, `from`, `key`, `signature` | first line of every file and run |
/// | `audit-gap` | `lost` lines not kept since `since`, `reason`, `torn_bytes`, `torn_digest` | first line after a failure |
/// | `audit-checkpoint` | `from`, `key`, `signature` | every so many lines and seconds, when there is a key |
/// | `audit-pruned` | `file`, its `first` and `last` number and the link behind that as `head`, `deleted_from`, `from`, `key`, `signature` | before a rotated file is deleted |
/// | `audit-close` | `cause`, `from`, `key`, `signature` | last line of a file that was rotated, and of a clean stop |
///
/// `found` stands in the first record of a run that goes on in a log: the `last` line of that, the number `signed_to`
/// which the gate's own signatures held, how many lines are `unsigned` since, and whether the run before ended `clean`;
/// `next_missing` if that ended a file for a next one, which was gone.
/// `previous_key` is the public key of the last signature before, if that is another than the gate's own, `key`, or if it
/// has none any more: the key was changed, or somebody else has signed.
///
/// The gate has deleted every line from number `deleted_from` to `last`: records of earlier deletions go with their files.
///
/// Where there is a key, all but the gap end with `from`, `key` and `signature`. The signature covers the record itself
/// and, by its link, the lines before it from number `from` on: those before that were not written by this run, and it
/// does not vouch for them. See `AuditKey`.
/// `torn_bytes` is the length of the unfinished lines right before the record, which are no part of the
/// chain, and `torn_digest` as `TornEnd` has it. Lost lines were refused, not forgotten: anyone who waited for one was told that it is not kept.
enum JournalRecord: Sendable {
  case open(Opening)
  case gap(Gap)
  case checkpoint
  case pruned(PrunedFile)
  case close(cause: String)

  struct Opening: Sendable {
    var cause: Beginning.Cause
    var gate: String
    var policyDigest: String?
    var torn: TornEnd?
    var found: FoundEnd?
  }

  /// Lines that were not kept.
  struct Gap: Sendable, Equatable {
    var lines: Int
    var since: WallTime
    var reason: AuditError
    var torn: TornEnd?
  }

  var eventType: String {
    switch self {
    case .open: "audit-open"
    case .gap: "audit-gap"
    case .checkpoint: "audit-checkpoint"
    case .pruned: "audit-pruned"
    case .close: "audit-close"
    }
  }

  var isSigned: Bool { if case .gap = self { false } else { true } }

  /// The record as an open line that will follow upon `chain`.
  func openLine(after chain: Chain, at now: WallTime, process: Int32, seal: Seal?) -> [UInt8] {
    var timestamp = TimestampFormatter()
    timestamp.format(now)
    var writer = Writer()
    writer.beginObject()
    writer.member("created_at", timestamp.text.span)
    writer.member("event_type", eventType)
    writer.beginObject("payload")
    writePayload(process: process, to: &writer)
    let seal = isSigned ? seal : nil
    if let seal {
      writer.member("from", seal.from)
      writer.key("key")
      let publicKey = seal.key.publicKey.bytes
      writer.string(Base64.encode(publicKey.span))
    }
    writer.endObject()
    writer.endObject()
    var line = writer.finish()
    line.removeLast()
    guard let seal else { return line }
    let end = ",\"seq\":\(chain.last + 1),\"previous\":\"\(chain.link.hexadecimal)\"}"
    if let signature = seal.key.signature(over: line + Array(end.utf8)) {
      line.removeLast()
      line += Array(",\"signature\":\"\(signature)\"}".utf8)
    }
    return line
  }

  /// Who vouches, and from which number on.
  struct Seal: Sendable {
    let key: AuditKey
    let from: UInt64
  }

  private func writePayload(process: Int32, to writer: inout Writer) {
    switch self {
    case .open(let opening):
      writer.member("cause", opening.cause.rawValue)
      writer.member("gate", opening.gate)
      writer.member("process", Int(process))
      writer.member("format", Chain.format)
      if let policyDigest = opening.policyDigest {
        writer.member("policy_digest", policyDigest)
      }
      if let found = opening.found { write(found, to: &writer) }
      if let key = opening.found?.otherKey { writer.member("previous_key", Base64.encode(key.bytes.span)) }
      write(opening.torn, to: &writer)
    case .gap(let gap):
      writer.member("lost", gap.lines)
      writer.key("since")
      var timestamp = TimestampFormatter()
      timestamp.format(gap.since)
      writer.string(timestamp.text.span)
      writer.member("reason", gap.reason.description)
      write(gap.torn, to: &writer)
    case .checkpoint: break
    case .pruned(let file):
      writer.member("file", file.name)
      writer.member("first", file.first)
      writer.member("last", file.end.last)
      writer.member("head", file.end.link.hexadecimal)
      writer.member("deleted_from", file.deletedFrom)
    case .close(let cause):
      writer.member("cause", cause)
    }
  }

  private func write(_ found: FoundEnd, to writer: inout Writer) {
    writer.beginObject("found")
    writer.member("last", found.chain.last)
    if case .upTo(let number) = found.signed {
      writer.member("signed_to", number)
      writer.member("unsigned", found.chain.last - number)
    }
    writer.key("clean")
    writer.bool(found.isClean)
    if found.nextIsMissing {
      writer.key("next_missing")
      writer.bool(true)
    }
    writer.endObject()
  }

  private func write(_ torn: TornEnd?, to writer: inout Writer) {
    guard let torn else { return }
    writer.member("torn_bytes", torn.bytes)
    writer.member("torn_digest", torn.digest.hexadecimal)
  }
}
