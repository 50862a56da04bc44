// The policies that decide, and those that are tried beside them.

package import Policy

/// One snapshot of both: a request is judged by one of these from its first step to its last, so a reload can never
/// show it half of a set.
package final class PoliciesInForce: Sendable {
  package let set: PolicySet
  /// Evaluated and recorded for every request, never enforced.
  package let shadow: PolicySet?

  package init(_ set: PolicySet, shadow: PolicySet? = nil) {
    self.set = set
    self.shadow = shadow
  }
}
