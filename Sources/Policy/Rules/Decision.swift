// What the rules say about one question, without the power to act on it.
package import Peering

/// One of the five operations on one name, apart from how it was asked. What a request, a policy test and a
/// line of an audit file have in common.
package struct Question: Sendable, Hashable {
  package let operation: Operation
  /// Nil for a list and only there.
  package let peer: PeerName?
  package let partition: Partition

  package init(operation: Operation, peer: PeerName?, partition: Partition = .default) {
    self.operation = operation
    self.peer = peer
    self.partition = partition
  }

  init(_ request: PeeringRequest) {
    self.init(operation: request.operation, peer: request.peer, partition: request.partition)
  }
}

extension Question: CustomStringConvertible {
  /// `delete hub`, `list in eu`.
  package var description: String {
    let object = peer.map { " \($0)" } ?? ""
    return "\(operation)\(object)\(partition.isDefault ? "" : " in \(partition)")"
  }
}

/// A Verdict that cannot be spent: for explaining, testing, comparing and replaying.
package enum Decision: Sendable {
  case allowed(Subject, by: Rule)
  /// Without a subject only for an unknown token; without a rule when none matched or the token was not accepted.
  case denied(Denial.Reason, Subject?, by: Rule?)

  package var isAllowed: Bool { if case .allowed = self { true } else { false } }

  package var subject: Subject? {
    switch self {
    case .allowed(let subject, by: _): subject
    case .denied(_, let subject, by: _): subject
    }
  }

  /// The rule that decided.
  package var rule: Rule? {
    switch self {
    case .allowed(_, by: let rule): rule
    case .denied(_, _, by: let rule): rule
    }
  }

  /// Nil when allowed.
  package var denied: Denial.Reason? { if case .denied(let reason, _, by: _) = self { reason } else { nil } }

  /// The rule's file, line and text, or why none decided.
  package var citation: String { rule?.citation ?? denied?.text ?? "" }

  /// What may be seen of a list, if it was one and is allowed.
  package func scope(in partition: Partition) -> ListScope? {
    guard case .allowed(let subject, by: _) = self else { return nil }
    return ListScope(subject: subject, partition: partition)
  }
}
