// A candidate set beside the one in force: what it would have decided, never what is done.
package import Peering

/// The candidate's answer to a request that was judged by the set in force.
package struct Shadow: Sendable {
  package enum Difference: String, Sendable, Hashable, CaseIterable {
    case none
    case wouldAllow = "would_allow"
    case wouldDeny = "would_deny"
  }

  package let difference: Difference
  /// The rule of the candidate that decides, or why none does.
  package let citation: String
  /// For a list that the candidate allows: what it would show.
  package let scope: ListScope?

  /// `isAllowed` is what the set in force decided.
  package init(
    of request: PeeringRequest, connection: ConnectionFacts, candidate: PolicySet, now: Timestamp,
    isAllowed: Bool
  ) {
    let decision = Judge.preview(request, connection: connection, policies: candidate, now: now)
    difference =
      decision.isAllowed == isAllowed ? .none : decision.isAllowed ? .wouldAllow : .wouldDeny
    citation = decision.citation
    scope = request.operation == .list ? decision.scope(in: request.partition) : nil
  }

  /// Of a request that was refused by its head. Where only the body would have named the peer, the candidate allows it if
  /// there is a name that it would be allowed for.
  package init(
    ofRefused head: PeeringRequestHead, connection: ConnectionFacts, candidate: PolicySet, now: Timestamp
  ) {
    let subject = Judge.subject(head.caller, connection, candidate)
    let decision: Decision
    if head.operation.hasContent {
      decision = Judge.decideAdmission(of: head, subject: subject, connection: connection, now: now)
    } else {
      let question = Question(
        operation: head.operation, peer: head.peer, partition: head.statedPartition ?? .default)
      decision = Judge.decide(question, subject: subject, connection: connection, now: now)
    }
    difference = decision.isAllowed ? .wouldAllow : .none
    citation = decision.citation
    scope = nil
  }
}
