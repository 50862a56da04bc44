// Yesterday's audit through tomorrow's policies.

package import Bytes

/// Asks a candidate set everything that an audit file says was decided, and keeps what would change.
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
  /// Requests that were refused before anybody judged them.
  package private(set) var refusedCount = 0
  /// Lines that the gate and the log wrote of themselves.
  package private(set) var noRequestCount = 0
  /// Lines about something else.
  package private(set) var otherCount = 0
  /// Lines that are no JSON, and the numbers of the first hundred.
  package private(set) var brokenCount = 0
  package private(set) var brokenLines: [Int] = []

  private let candidate: PolicySet
  private let subjects: [AccessorID: Subject]
  private var lineNumber = 0
  /// Changes whose intent was read and whose completion was not: they were decided all the same.
  private var open: [ByteString: (request: AuditedRequest, line: Int)] = [:]

  package init(through candidate: PolicySet) {
    self.candidate = candidate
    subjects = candidate.subjectsByAccessorID()
  }

  /// Takes the next line, without its newline; `length` is what it had before it was cut.
  package mutating func read(_ line: Span<UInt8>, length: Int? = nil) {
    lineNumber += 1
    if line.isEmpty { return }
    do throws(AuditedRequest.Fault) {
      if let length, length > line.count { throw .notJSON }
      let request = try AuditedRequest(line)
      guard request.isComplete else {
        open[request.id] = (request, lineNumber)
        return
      }
      open[request.id] = nil
      ask(request, lineNumber)
    } catch {
      switch error {
      case .noDecision: otherCount += 1
      case .refused: refusedCount += 1
      case .noRequest: noRequestCount += 1
      case .notJSON:
        brokenCount += 1
        if brokenLines.count < 100 { brokenLines.append(lineNumber) }
      }
    }
  }

  /// To be called after the last line.
  package mutating func finish() {
    for (request, line) in open.values.sorted(by: { $0.line < $1.line }) { ask(request, line) }
    open = [:]
  }

  /// Judged at the time of the record: the question is what the candidate would have said then.
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
