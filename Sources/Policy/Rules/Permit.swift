// Proof that one request was allowed.
package import Peering

/// Only the Judge makes one, and it is spent once: whatever goes to Consul is written from the request
/// inside, so nothing but what was judged can be sent.
package struct Permit: ~Copyable, Sendable {
  package let request: PeeringRequest
  package let subject: Subject
  /// The rule that allowed it; for a list, a rule by which something may be seen.
  package let rule: Rule
  /// What the caller may see of Consul's reply.
  package let visibility: Visibility

  init(request: PeeringRequest, subject: Subject, rule: Rule, visibility: Visibility) {
    self.request = request
    self.subject = subject
    self.rule = rule
    self.visibility = visibility
  }
}

/// What may be seen of a reply. There is no default, and none of the cases means another by being absent.
package enum Visibility: Sendable {
  /// All of it: it is about nothing but what the permit is for.
  case whole
  /// Of a list, the elements in this scope.
  case only(ListScope)
  /// That it was done, and no more: Consul has nothing to show of what it deletes.
  case nothing

  init(of request: PeeringRequest, to subject: Subject) {
    switch request.operation {
    case .list: self = .only(ListScope(subject: subject, partition: request.partition))
    case .delete: self = .nothing
    case .read, .generate, .establish: self = .whole
    }
  }
}
