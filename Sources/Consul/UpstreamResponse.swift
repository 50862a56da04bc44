// What Consul said, together with what it was asked.

package import HTTP
package import Peering
package import Policy
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

/// A reply to what one permit was for: nobody can be asked what may be seen of it by another's. Its body stays in here; see
/// `Disclosure.swift` for what comes out.
package struct UpstreamResponse: ~Copyable {
  let intent: Intent
  let reply: UpstreamMessage
  /// What may be seen of it: by the permit, or by the judgement that has taken its place.
  private(set) var visibility: Visibility

  init(to request: consuming UpstreamRequest, _ reply: UpstreamMessage) {
    intent = request.intent
    self.reply = reply
    visibility = intent.permit.visibility
  }

  package var request: PeeringRequest { intent.permit.request }
  package var status: StatusCode { reply.status }
  package var isList: Bool { if case .only = visibility { true } else { false } }

  /// Judges the request once more, by what holds now. Of a denial nothing may be seen.
  package mutating func judgeAgain(
    connection: PolicyAttributes, policies: PolicySet, now: Timestamp
  ) -> Verdict {
    switch Judge.judge(request, connection: connection, policies: policies, now: now) {
    case .permit(let permit):
      visibility = permit.visibility
      return .permit(permit)
    case .denial(let denial):
      visibility = .nothing
      return .denial(denial)
    }
  }
}
