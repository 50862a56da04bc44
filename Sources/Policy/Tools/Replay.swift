// Yesterday's audit through tomorrow's policies.

package import Bytes

/// Asks a set of policies everything that an audit file says was decided, and keeps what would change.
package struct Replay: Sendable {
  package enum Direction: String, Sendable, Hashable, CaseIterable {
    case allowToDeny = "allow_to_deny"
    case denyToAllow = "deny_to_allow"
  }

  /// Changes with the same cause.
  package struct Group: Sendable, Hashable {
    package let direction: Direction
    package let subject: ByteString
    /// What decided then, as the record cites it.
    package let before: ByteString
    /// What would decide now, or why nothing would.
    package let after: ByteString
  }

  /// How often, and the first occurrence.
  package struct Changes: Sendable {
    package fileprivate(set) var count: Int
    package let question: Question
    package let line: Int
  }

  package private(set) var groups: [Group: Changes] = [:]
  /// Decisions asked again.
  package private(set) var decisionCount = 0
  package private(set) var changeCount = 0
  /// Decisions about secrets that were no token's: nobody knows whose they would be now.
  package private(set) var unknownTokenCount = 0
  /// What was read, and what was left out of it.
  package private(set) var decisions = AuditedDecisions()

  private let policies: PolicySet
  private let subjects: [AccessorID: Subject]

  package init(through policies: PolicySet) {
    self.policies = policies
    subjects = policies.subjectsByAccessorID()
  }

  /// Takes the next line, without its newline; `length` is what it had before it was cut.
  package mutating func read(_ line: Span<UInt8>, length: Int? = nil) {
    if let (request, number) = decisions.read(line, length: length) { ask(request, number) }
  }

  /// To be called after the last line.
  package mutating func finish() {
    for (request, number) in decisions.finish() { ask(request, number) }
  }

  /// Judged at the time of the record: the question is what these policies would have said then.
  private mutating func ask(_ request: AuditedRequest, _ line: Int) {
    guard let accessorID = request.accessorID else {
      unknownTokenCount += 1
      return
    }
    decisionCount += 1
    let decision = Judge.decide(
      request.question, subject: subjects[accessorID], connection: request.connection,
      now: request.instant ?? Timestamp(seconds: 0))
    guard decision.isAllowed != request.isAllowed else { return }
    changeCount += 1
    let group = Group(
      direction: request.isAllowed ? .allowToDeny : .denyToAllow, subject: request.tokenName,
      before: request.rule ?? "no rule matches",
      after: decision.denied == .unknownToken
        ? "no token has this accessor_id" : ByteString(decision.citation))
    groups[group, default: Changes(count: 0, question: request.question, line: line)].count += 1
  }
}

extension Replay.Group: Comparable {
  /// What would no longer be allowed comes first.
  package static func < (one: Replay.Group, other: Replay.Group) -> Bool {
    (ByteString(one.direction.rawValue), one.subject, one.before, one.after)
      < (ByteString(other.direction.rawValue), other.subject, other.before, other.after)
  }
}
