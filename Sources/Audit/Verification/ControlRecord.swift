// The records that a log makes of itself, as a reader understands them.
import Bytes
import Digests
import JSON

/// `audit-open`, `audit-gap`, `audit-checkpoint`, `audit-close` and `audit-pruned`, of a line whose form is proved.
struct ControlRecord {
  enum Kind: Equatable {
    case open, gap, checkpoint, close, pruned
  }

  let kind: Kind
  let cause: ByteString?
  /// Who writes, as an opening record says it.
  let gate: ByteString?
  /// Of an opening record: format 1 did not say it.
  let format: Int
  /// Lines that the gate says it could not keep.
  let lost: Int
  /// Bytes of unfinished lines right before the record.
  let tornBytes: Int
  /// What stood there; nil in format 1.
  let tornDigest: SHA256Digest?
  /// The number from which on the signature vouches for lines; nil in format 1, where it said nothing of that.
  let from: UInt64?
  /// What a start found; nil where there was nothing before it.
  let foundClean: Bool?
  /// Whether it found that a file was ended for a next one, which was gone, and the number of the last line before it.
  let nextIsMissing: Bool
  let foundLast: UInt64
  /// Of a file that the gate deleted, and of what it deleted right before that.
  let pruned: ClosedRange<UInt64>?
  /// The link behind the last line of that.
  let prunedHead: SHA256Digest?
  /// The key that the record names: good for telling damage, not for telling forgery.
  let key: VerifyingKey?
  let signature: [UInt8]?
  /// Whether a member `signature` is there, readable or not.
  let hasSignature: Bool
  private let createdAt: ByteString
  private let eventType: ByteString

  init?(_ line: Span<UInt8>) {
    guard let node = try? Document.parse(line), case .object(let members) = node.value,
      let eventType = members.text("event_type"), let createdAt = members.text("created_at"),
      case .object(let payload) = members.value("payload")
    else { return nil }
    switch eventType {
    case "audit-open": kind = .open
    case "audit-gap": kind = .gap
    case "audit-checkpoint": kind = .checkpoint
    case "audit-close": kind = .close
    default: kind = .pruned
    }
    self.eventType = eventType
    self.createdAt = createdAt
    cause = payload.text("cause")
    gate = payload.text("gate")
    format = payload.value("format") == nil ? 1 : payload.number("format")
    lost = payload.number("lost")
    tornBytes = payload.number("torn_bytes")
    tornDigest = payload.text("torn_digest").flatMap { SHA256Digest(hexadecimal: $0.string) }
    from = payload.value("from") == nil ? nil : UInt64(payload.number("from"))
    let found: [Member] = if case .object(let found)? = payload.value("found") { found } else { [] }
    foundClean = if case .bool(let isClean)? = found.value("clean") { isClean } else { nil }
    nextIsMissing = if case .bool(true)? = found.value("next_missing") { true } else { false }
    foundLast = UInt64(found.number("last"))
    let last = UInt64(payload.number("last"))
    let first = UInt64(payload.number(payload.value("deleted_from") == nil ? "first" : "deleted_from"))
    pruned = kind == .pruned && 0 < first && first <= last ? first...last : nil
    prunedHead = payload.text("head").flatMap { SHA256Digest(hexadecimal: $0.string) }
    key = payload.decoded("key").flatMap { bytes in VerifyingKey(bytes: bytes.span) }
    signature = payload.decoded("signature")
    hasSignature = payload.value("signature") != nil
  }

  /// Whether this record should bear a signature in a log that has a key.
  var isSealed: Bool { kind != .gap }

  func isStart() -> Bool { kind == .open && cause == "start" }

  /// Whether the signature is there and is `key`'s over what the record covers.
  func isSigned(by key: VerifyingKey, _ line: Span<UInt8>, as parsed: LogLine, format: Int) -> Bool {
    guard let signature, key == self.key else { return false }
    var message: [UInt8]
    if from != nil {
      // The record itself without its last member, which is 88 digits in quotation marks.
      let end = parsed.payloadEnd - 1
      let start = end - 88 - 2 - #","signature":"#.utf8.count
      guard start > 0, line.has(",\"signature\":\"", at: start) else { return false }
      message = Array("peergate audit 2\n".utf8)
      message.reserveCapacity(message.count + line.count)
      for index in 0..<start { message.append(line[index]) }
      for index in end..<(line.isTerminated ? line.count - 1 : line.count) { message.append(line[index]) }
    } else {
      // Of a log that has risen to format 2, the old signature would leave most of the record open.
      guard format == 1 else { return false }
      message = Array("peergate audit 1\n".utf8) + Array(eventType.utf8)
      message += Array("\n\(parsed.sequence)\n\(parsed.previous.hexadecimal)\n".utf8)
      message += Array(createdAt.utf8) + [UInt8(ascii: "\n")]
    }
    return (try? key.isValid(signature: signature.span, for: message.span)) == true
  }
}

extension [Member] {
  fileprivate func value(_ name: ByteString) -> Value? { first { $0.name == name }?.node.value }

  fileprivate func text(_ name: ByteString) -> ByteString? {
    if case .string(let text)? = value(name) { text } else { nil }
  }

  /// What does not fit is the greatest number: sums of it are bounded where they are made.
  fileprivate func number(_ name: ByteString) -> Int {
    if case .number(let text)? = value(name) { Swift.max(Int(text) ?? .max, 0) } else { 0 }
  }

  fileprivate func decoded(_ name: ByteString) -> [UInt8]? {
    guard let text = text(name), text.count <= 88 else { return nil }
    let digits = [UInt8](text.utf8)
    let bytes = try? Base64.decode(digits.span)
    return bytes
  }
}
