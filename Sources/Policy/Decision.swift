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
package struct Decision: Sendable {
  /// Nil only for an unknown token.
  package let subject: Subject?
  /// Nil when no rule matched or the token was not accepted.
  package let rule: Rule?
  /// Nil when allowed.
  package let denied: Denial.Reason?

  package var isAllowed: Bool { denied == nil }

  /// The rule's file, line and text, or why none decided.
  package var citation: String { rule?.citation ?? denied?.text ?? "" }

  /// What may be seen of a list, if it was one and is allowed.
  package func scope(in partition: Partition) -> ListScope? {
    guard isAllowed, let subject else { return nil }
    return ListScope(subject: subject, partition: partition)
  }
}
