// Why Consul did not do what it was asked, for the record.

internal import Audit
internal import HTTP
internal import Peering

/// Consul's own sentence. Its errors are plain text, and none that is known repeats a secret; one that did would be kept
/// out of the record here.
struct ConsulReason {
  let text: [UInt8]

  /// - Parameter gateSecret: the token that the gate shows in place of the caller's, if it does.
  init(_ reply: UpstreamReply, to request: PeeringRequest, gateSecret: Credential?) {
    let sentence = reply.body.prefix(GateLimits.inspectedReasonBytes)
    var tells = false
    let look = { (secret: Span<UInt8>) in if sentence.span.holds(secret) { tells = true } }
    request.credential?.withBytes(look)
    gateSecret?.withBytes(look)
    request.withPeeringToken(look)
    text =
      Array("Consul: ".utf8)
      + (tells ? Array("<hidden>".utf8) : Array(sentence.prefix(AuditLimits.reasonBytes)))
  }
}

extension Span<UInt8> {
  /// Whether `other` stands anywhere in it. For texts of bounded length: it compares at every place.
  fileprivate func holds(_ other: Span<UInt8>) -> Bool {
    guard !other.isEmpty, other.count <= count else { return false }
    for start in 0...(count - other.count) where self[start] == other[0] {
      var length = 1
      while length < other.count, self[start + length] == other[length] { length += 1 }
      if length == other.count { return true }
    }
    return false
  }
}
