// The one decision function. Pure: what it needs comes in, nothing else is asked, nothing can fail.
package import Peering

package enum Judge {
  /// Judges a request by the policies in force. When the reply of a blocking query arrives, the gate asks
  /// again with the set that is then in force and the time it then is.
  ///
  /// Silence is denial: no rule, no token that counts, no permit. Costs one
  /// look-up of the token and a few binary searches for each of its policies.
  package static func judge(
    _ request: PeeringRequest, connection: PolicyAttributes, policies: PolicySet, now: Timestamp
  ) -> Verdict {
    verdict(on: request, by: evaluate(request, connection: connection, policies: policies, now: now))
  }

  static func verdict(on request: PeeringRequest, by decision: Decision) -> Verdict {
    switch decision {
    case .allowed(let subject, by: let rule):
      return .permit(
        Permit(
          request: request, subject: subject, rule: rule, visibility: Visibility(of: request, to: subject)))
    case .denied(let reason, let subject, by: let rule):
      return .denial(
        Denial(
          reason, subject: subject, rule: rule, operation: request.operation, peer: request.peer))
    }
  }

  /// The same decision without the power to act on it.
  package static func evaluate(
    _ request: PeeringRequest, connection: PolicyAttributes, policies: PolicySet, now: Timestamp
  ) -> Decision {
    let subject = subject(request.caller, connection, policies)
    return decide(Question(request), subject: subject, connection: connection, now: now)
  }

  /// Whose request it is: for decisions, and for the record of what is refused before it can be judged.
  ///
  /// A presented secret decides alone: a wrong one never falls back to the certificate or to anonymous.
  package static func subject(
    _ caller: Caller, _ connection: PolicyAttributes, _ policies: PolicySet
  ) -> Subject? {
    guard let digest = caller.digest else {
      return policies.subject(forCertificateOf: connection) ?? policies.anonymous
    }
    return policies.subject(forSecretDigest: digest)
  }

  /// The decision once it is known who asks; nil is a secret that no token has.
  package static func decide(
    _ question: Question, subject: Subject?, connection: PolicyAttributes, now: Timestamp
  ) -> Decision {
    if let rejected = rejection(of: subject, connection: connection, now: now) { return rejected }
    guard let subject else { return .denied(.unknownToken, nil, by: nil) }
    return decide(question, by: subject)
  }

  /// The denial of anyone who does not count, whatever is asked; nil for who does.
  @inline(__always)
  static func rejection(of subject: Subject?, connection: PolicyAttributes, now: Timestamp) -> Decision? {
    guard let subject else { return .denied(.unknownToken, nil, by: nil) }
    guard let rejection = subject.rejection(connection, at: now) else { return nil }
    return .denied(rejection, subject, by: nil)
  }

  /// The decision of the rules alone.
  package static func decide(_ question: Question, by subject: Subject) -> Decision {
    let partition = PartitionKey(question.partition)
    guard let peer = question.peer else {
      guard question.operation == .list, let rule = subject.ruleForListing(partition) else {
        return .denied(.lacksPermission, subject, by: nil)
      }
      return .allowed(subject, by: rule)
    }
    let rule = peer.withBytes { subject.rule(for: $0, in: partition) }
    let needed: Level = question.operation.access == .read ? .read : .write
    guard question.operation != .list, let rule, rule.level >= needed else {
      return .denied(.lacksPermission, subject, by: rule)
    }
    return .allowed(subject, by: rule)
  }
}
