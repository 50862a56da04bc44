// The records that a log makes of itself, as a reader understands them.
import Bytes
import Digests
import JSON

/// `audit-open`, `audit-gap`, `audit-checkpoint` and `audit-close`.
struct ControlRecord {
  let eventType: String
  let createdAt: String
  let cause: String?
  /// Lines that the gate says it could not keep.
  let lost: Int
  /// Bytes of unfinished lines right before the record.
  let tornBytes: Int
  let key: String?
  let signature: String?

  /// Nil for lines of requests, quickly; also for what is no JSON.
  init?(_ line: Span<UInt8>) {
    // Behind `{"created_at":"`, a timestamp of 27 bytes and its quotation mark.
    guard line.has(",\"event_type\":\"audit-", at: 15 + 27 + 1),
      let node = try? Document.parse(line), case .object(let members) = node.value,
      let eventType = members.text("event_type"), let createdAt = members.text("created_at"),
      case .object(let payload) = members.value("payload")
    else { return nil }
    self.eventType = eventType
    self.createdAt = createdAt
    cause = payload.text("cause")
    lost = payload.number("lost")
    tornBytes = payload.number("torn_bytes")
    key = payload.text("key")
    signature = payload.text("signature")
  }

  /// Whether this record should bear a signature in a log that has a key.
  var isSealed: Bool { eventType != "audit-gap" }

  /// The key that the record names itself: good for telling damage, not for telling forgery.
  var ownKey: VerifyingKey? {
    guard let key, let bytes = try? Base64.decode(key.utf8.span) else { return nil }
    return VerifyingKey(bytes: bytes.span)
  }

  /// Whether the signature is there and is `key`'s over what the record covers.
  func isSigned(by key: VerifyingKey, as line: LogLine) -> Bool {
    guard let signature, let bytes = try? Base64.decode(signature.utf8.span) else { return false }
    let message =
      "peergate audit 1\n\(eventType)\n\(line.sequence)\n\(line.previous.hexadecimal)\n\(createdAt)\n"
    return (try? key.isValid(signature: bytes.span, for: message.utf8.span)) == true
  }
}

extension [Member] {
  fileprivate func value(_ name: ByteString) -> Value? { first { $0.name == name }?.node.value }

  fileprivate func text(_ name: ByteString) -> String? {
    if case .string(let text) = value(name) { text.string } else { nil }
  }

  fileprivate func number(_ name: ByteString) -> Int {
    if case .number(let text) = value(name) { Int(text) ?? 0 } else { 0 }
  }
}
