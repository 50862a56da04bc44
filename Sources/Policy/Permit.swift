// Proof that one request was allowed.
package import Peering

/// Only the Judge makes one, and it is spent once: whatever goes to Consul is written from the request
/// inside, so nothing but what was judged can be sent.
package struct Permit: ~Copyable, Sendable {
  package let request: PeeringRequest
  package let subject: Subject
  /// The rule that allowed it; for a list, a rule by which something may be seen.
  package let rule: Rule
  /// For a list: what may be seen of the reply. Nil for the other operations.
  package let scope: ListScope?

  init(request: PeeringRequest, subject: Subject, rule: Rule, scope: ListScope?) {
    self.request = request
    self.subject = subject
    self.rule = rule
    self.scope = scope
  }
}
