// Shadow policies beside the one in force: what it would have decided, never what is done.
package import Peering

/// What the shadow policies say to a request that was judged by the set in force.
package struct Shadow: Sendable {
  package enum Difference: String, Sendable, Hashable, CaseIterable {
    case none
    case wouldAllow = "would_allow"
    case wouldDeny = "would_deny"
  }

  package let difference: Difference
  /// The rule of the shadow policies that decides, or why none does.
  package let citation: String
  /// `isAllowed` is what the set in force decided.
  package init(
    of request: PeeringRequest, connection: PolicyAttributes, policies: PolicySet, now: Timestamp,
    isAllowed: Bool
  ) {
    let decision = Judge.evaluate(request, connection: connection, policies: policies, now: now)
    difference =
      decision.isAllowed == isAllowed ? .none : decision.isAllowed ? .wouldAllow : .wouldDeny
    citation = decision.citation
  }

  /// Of a request that was refused by its head.
  package init(
    ofRefused head: PeeringRequestHead, connection: PolicyAttributes, policies: PolicySet, now: Timestamp
  ) {
    let decision = Judge.decide(head, by: policies, connection: connection, now: now)
    difference = decision.isAllowed ? .wouldAllow : .none
    citation = decision.citation
  }
}
