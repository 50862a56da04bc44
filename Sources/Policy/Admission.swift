// Proof that a caller may ask at all for what the head of its request says.
package import Peering

/// Only the Judge makes one, before the body is read. It grants nothing: what is asked in full is judged when the body
/// has come, and the way to that judgement leads through here.
package struct Admission: ~Copyable, Sendable {
  package let head: PeeringRequestHead
  package let subject: Subject

  init(head: PeeringRequestHead, subject: Subject) {
    self.head = head
    self.subject = subject
  }

  /// - Parameter body: all of it, after its transfer coding was removed.
  package consuming func completed(by body: Span<UInt8>) throws(Refusal) -> AdmittedRequest {
    AdmittedRequest(request: try head.completed(by: body), subject: subject)
  }
}

/// A whole request of a caller who may ask. To be judged.
package struct AdmittedRequest: ~Copyable, Sendable {
  package let request: PeeringRequest
  package let subject: Subject

  fileprivate init(request: PeeringRequest, subject: Subject) {
    self.request = request
    self.subject = subject
  }
}

/// The outcome of an admission.
package enum AdmissionVerdict: ~Copyable, Sendable {
  case admission(Admission)
  case denial(Denial)
}

extension Judge {
  /// Whether the caller may ask for this at all, by its head alone: its token is known and counts on this connection now,
  /// and if the body is to name the peer, there is some name that it could be granted.
  ///
  /// Everything else the head says is judged with the whole request, which for the other operations follows at once.
  package static func admit(
    _ head: PeeringRequestHead, connection: ConnectionFacts, policies: PolicySet, now: Timestamp
  ) -> AdmissionVerdict {
    let subject = subject(head.caller, connection, policies)
    let decision = decideAdmission(of: head, subject: subject, connection: connection, now: now)
    guard decision.isAllowed, let subject else {
      return .denial(
        Denial(
          decision.denied ?? .lacksPermission, subject: decision.subject, rule: decision.rule,
          operation: head.operation, peer: head.peer))
    }
    return .admission(Admission(head: head, subject: subject))
  }

  static func decideAdmission(
    of head: PeeringRequestHead, subject: Subject?, connection: ConnectionFacts, now: Timestamp
  ) -> Decision {
    if let rejected = rejection(of: subject, connection: connection, now: now) { return rejected }
    guard head.operation.hasContent, let subject else {
      return Decision(subject: subject, rule: nil, denied: nil)
    }
    let rule = subject.ruleForWriting(in: head.statedPartition)
    return Decision(subject: subject, rule: rule, denied: rule == nil ? .grantsNothing : nil)
  }

  /// Judges the whole request of a caller who was admitted, by the policies that admitted it.
  package static func judge(
    _ admitted: consuming AdmittedRequest, connection: ConnectionFacts, now: Timestamp
  ) -> Verdict {
    let request = admitted.request
    return verdict(
      on: request,
      by: decide(Question(request), subject: admitted.subject, connection: connection, now: now))
  }
}
