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
    _ head: PeeringRequestHead, connection: PolicyAttributes, policies: PolicySet, now: Timestamp
  ) -> AdmissionVerdict {
    let subject = subject(head.caller, connection, policies)
    guard let subject else {
      return .denial(Denial(.unknownToken, subject: nil, operation: head.operation, peer: head.peer))
    }
    if let reason = refusalOfAdmission(to: head, of: subject, connection: connection, now: now) {
      return .denial(Denial(reason, subject: subject, operation: head.operation, peer: head.peer))
    }
    return .admission(Admission(head: head, subject: subject))
  }

  /// Nil for who may ask. What the rules say of a request without a body, they say of the whole.
  private static func refusalOfAdmission(
    to head: PeeringRequestHead, of subject: Subject, connection: PolicyAttributes, now: Timestamp
  ) -> Denial.Reason? {
    if let reason = subject.rejection(connection, at: now) { return reason }
    guard head.operation.hasContent else { return nil }
    return subject.ruleForWriting(in: head.statedPartition) == nil ? .grantsNothing : nil
  }

  /// What would be decided of a request that was refused by its head. Where only the body would have named the peer, it is
  /// allowed if there is a name that it would be allowed for.
  static func decide(
    _ head: PeeringRequestHead, by policies: PolicySet, connection: PolicyAttributes, now: Timestamp
  ) -> Decision {
    let subject = subject(head.caller, connection, policies)
    guard head.operation.hasContent else {
      let question = Question(
        operation: head.operation, peer: head.peer, partition: head.statedPartition ?? .default)
      return decide(question, subject: subject, connection: connection, now: now)
    }
    if let rejected = rejection(of: subject, connection: connection, now: now) { return rejected }
    guard let subject, let rule = subject.ruleForWriting(in: head.statedPartition) else {
      return .denied(.grantsNothing, subject, by: nil)
    }
    return .allowed(subject, by: rule)
  }

  /// Judges the whole request of a caller who was admitted, by the policies that admitted it.
  package static func judge(
    _ admitted: consuming AdmittedRequest, connection: PolicyAttributes, now: Timestamp
  ) -> Verdict {
    let request = admitted.request
    return verdict(
      on: request,
      by: decide(Question(request), subject: admitted.subject, connection: connection, now: now))
  }
}
