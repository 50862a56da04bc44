// What Consul said, together with what it was asked.

internal import HTTP
internal import Record

/// A reply as it came.
struct UpstreamMessage {
  let status: StatusCode
  let body: [UInt8]
  let relayed: RelayedFields

  /// `last` is from the reply before on the same connection.
  init(head: ResponseHead, body: [UInt8], last: RelayedFields? = nil) {
    status = head.status
    self.body = body
    relayed = if let last, last.fields === head.fields { last } else { RelayedFields(head.fields) }
  }
}

/// A reply to what one permit was for: nobody can be asked what may be seen of it by another's.
struct UpstreamResponse: ~Copyable {
  let intent: Intent
  let reply: UpstreamMessage

  init(to request: consuming UpstreamRequest, _ reply: UpstreamMessage) {
    intent = request.intent
    self.reply = reply
  }
}
