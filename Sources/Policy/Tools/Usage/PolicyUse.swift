// Which of the policies a record needed.
package import Bytes
import Peering

/// Asks the set what decided each allowed request of a record, and keeps when last.
package struct PolicyUse: Sendable {
  /// A rule and its last uses.
  package struct RuleUse: Sendable {
    package let rule: Rule
    package fileprivate(set) var lastUse: Timestamp?
    /// The last time that a write rule was needed for a change.
    package fileprivate(set) var lastChange: Timestamp?
    /// The last list of a token that has the rule, which may have shown names by it.
    package fileprivate(set) var lastList: Timestamp?
    package fileprivate(set) var isUsed = false
    package fileprivate(set) var isUsedForChanges = false
  }

  package struct TokenUse: Sendable {
    package let name: ByteString
    package let accessorID: AccessorID
    package fileprivate(set) var lastUse: Timestamp?
    package fileprivate(set) var lastDenial: Timestamp?
    package fileprivate(set) var isUsed = false
  }

  /// A policy that a token has.
  package struct Grant: Sendable, Hashable {
    package let token: ByteString
    package let policy: ByteString
  }

  package private(set) var rules: [RuleUse] = []
  package private(set) var tokens: [TokenUse] = []
  package private(set) var period: (first: Timestamp?, last: Timestamp?)
  package private(set) var decisionCount = 0
  /// Decisions of tokens that the set does not have.
  package private(set) var otherTokenCount = 0
  /// Decisions that fall differently by this set: what they needed then is no matter of it.
  package private(set) var differentCount = 0
  package private(set) var decisions = AuditedDecisions()

  private let set: PolicySet
  private let since: Timestamp?
  private let subjects: [AccessorID: Subject]
  private var ruleIndexes: [ObjectIdentifier: Int] = [:]
  private var tokenIndexes: [AccessorID: Int] = [:]
  private var usedGrants: Set<Grant> = []

  /// Uses before `since` are told and do not count.
  package init(of set: PolicySet, since: Timestamp? = nil) {
    self.set = set
    self.since = since
    subjects = set.subjectsByAccessorID()
    for rule in set.policies.flatMap(\.rules) {
      ruleIndexes[ObjectIdentifier(rule)] = rules.count
      rules.append(RuleUse(rule: rule))
    }
    for token in set.tokens {
      tokenIndexes[token.accessorID] = tokens.count
      tokens.append(TokenUse(name: token.name, accessorID: token.accessorID))
    }
  }

  package mutating func read(_ line: Span<UInt8>, length: Int? = nil) {
    if let (request, _) = decisions.read(line, length: length) { add(request) }
  }

  /// To be called after the last line.
  package mutating func finish() {
    for (request, _) in decisions.finish() { add(request) }
  }

  private mutating func add(_ request: AuditedRequest) {
    guard let accessorID = request.accessorID, let subject = subjects[accessorID] else {
      otherTokenCount += 1
      return
    }
    decisionCount += 1
    let instant = request.instant
    period.first = [period.first, instant].compactMap { $0 }.min()
    period.last = [period.last, instant].compactMap { $0 }.max()
    let counts = since == nil || instant.map { since ?? $0 <= $0 } ?? false
    let decision = Judge.decide(
      request.question, subject: subject, connection: request.connection,
      now: instant ?? Timestamp(seconds: 0))
    note(request, decision, subject, counts: counts)
  }

  private mutating func note(
    _ request: AuditedRequest, _ decision: Decision, _ subject: Subject, counts: Bool
  ) {
    let instant = request.instant
    if let token = tokenIndexes[subject.accessorID] {
      if request.isAllowed {
        tokens[token].lastUse = [tokens[token].lastUse, instant].compactMap { $0 }.max()
        if counts { tokens[token].isUsed = true }
      } else {
        tokens[token].lastDenial = [tokens[token].lastDenial, instant].compactMap { $0 }.max()
      }
    }
    guard decision.isAllowed == request.isAllowed else {
      differentCount += 1
      return
    }
    if request.question.operation == .list, request.isAllowed { noteList(of: subject, request) }
    // A rule that grants is of use when it grants, one that denies when it denies.
    guard let rule = decision.rule, (rule.level > .deny) == request.isAllowed,
      let index = ruleIndexes[ObjectIdentifier(rule)]
    else { return }
    rules[index].lastUse = [rules[index].lastUse, instant].compactMap { $0 }.max()
    let isChange = request.question.operation.isChange
    if isChange { rules[index].lastChange = [rules[index].lastChange, instant].compactMap { $0 }.max() }
    guard counts else { return }
    rules[index].isUsed = true
    if isChange { rules[index].isUsedForChanges = true }
    usedGrants.insert(Grant(token: subject.name, policy: rule.policy))
  }

  private mutating func noteList(of subject: Subject, _ request: AuditedRequest) {
    let partition = ByteString(request.question.partition.name)
    for policy in subject.policies {
      for rule in policy.rules where rule.level > .deny && rule.key.partition.matches(partition) {
        guard let index = ruleIndexes[ObjectIdentifier(rule)] else { continue }
        rules[index].lastList = [rules[index].lastList, request.instant].compactMap { $0 }.max()
      }
    }
  }

  package var unusedRules: [RuleUse] { rules.filter { !$0.isUsed } }

  /// Rules that grant changes and served reads alone.
  package var unusedWrites: [RuleUse] {
    rules.filter { $0.isUsed && $0.rule.level == .write && !$0.isUsedForChanges }
  }

  package var unusedTokens: [TokenUse] { tokens.filter { !$0.isUsed } }

  package var unusedPolicies: [ByteString] {
    let used = Set(usedGrants.map(\.policy))
    return set.policies.map(\.name).filter { !used.contains($0) }
  }

  /// Policies of tokens that are used, by others or for other things.
  package var unusedGrants: [Grant] {
    let (idle, unused) = (Set(unusedTokens.map(\.name)), Set(unusedPolicies))
    return set.tokens.flatMap { token in
      token.policies.map { Grant(token: token.name, policy: $0.name) }
    }.filter { !usedGrants.contains($0) && !idle.contains($0.token) && !unused.contains($0.policy) }
  }
}
