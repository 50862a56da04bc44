// Why a decision fell as it did: each rule in order, and why it won or lost.
import Bytes
import Peering

/// The Judge's decision with all rules of the subject beside it. It restates the precedence rule by rule,
/// over the rules as written and not over the Judge's tables, for people to follow; the tests hold the two
/// together.
package struct Explanation: Sendable {
  package enum Effect: Sendable {
    /// The rule that the decision names.
    case decides
    /// For a list: names are shown by this rule too.
    case grants
    /// For a list: the rule shows nothing.
    case grantsNothing
    /// Another rule speaks about this name more exactly.
    case lessSpecific(than: Rule)
    /// Another policy of the token has a rule with the same key that counts before this one.
    case overridden(by: Rule)
    case otherPartition
    case otherName
  }

  package struct Step: Sendable {
    package let rule: Rule
    package let effect: Effect
  }

  package let question: Question
  package let subject: Subject
  package let decision: Decision
  /// Rules that concern the question, the deciding one first; then those that do not, in the order of the
  /// files.
  package let steps: [Step]

  /// Explains what the rules say; sources, certificate and lifetime of the token are judged with `connection`
  /// and `now`, and where they reject the token no rule is considered.
  package init(_ question: Question, by subject: Subject, connection: PolicyAttributes, now: Timestamp) {
    self.question = question
    self.subject = subject
    decision = Judge.decide(question, subject: subject, connection: connection, now: now)
    let rules = subject.policies.flatMap(\.rules)
    if decision.denied != nil, decision.denied != .lacksPermission {
      steps = []
    } else if let peer = question.peer {
      steps = Self.steps(rules, ByteString(peer.text), ByteString(question.partition.name))
    } else {
      steps = Self.listSteps(rules, ByteString(question.partition.name), deciding: decision.rule)
    }
  }

  private static func steps(_ rules: [Rule], _ name: ByteString, _ partition: ByteString) -> [Step] {
    var matching: [Rule] = []
    var others: [Step] = []
    for rule in rules {
      if !rule.key.partition.matches(partition) {
        others.append(Step(rule: rule, effect: .otherPartition))
      } else if !rule.key.names.match(name) {
        others.append(Step(rule: rule, effect: .otherName))
      } else {
        matching.append(rule)
      }
    }
    // Stable order: of equal rules the one in the policy named first comes first, as for the Judge.
    let ranked = matching.enumerated().sorted { one, other in
      if one.element.key.isMoreSpecific(than: other.element.key) { return true }
      if other.element.key.isMoreSpecific(than: one.element.key) { return false }
      if one.element.level.overrides(other.element.level) { return true }
      if other.element.level.overrides(one.element.level) { return false }
      return one.offset < other.offset
    }
    guard let winner = ranked.first?.element else { return others }
    return ranked.enumerated().map { index, ranked in
      let effect: Effect =
        if index == 0 { .decides } else if ranked.element.key == winner.key { .overridden(by: winner) } else {
          .lessSpecific(than: winner)
        }
      return Step(rule: ranked.element, effect: effect)
    } + others
  }

  private static func listSteps(_ rules: [Rule], _ partition: ByteString, deciding: Rule?) -> [Step] {
    var concerning: [Step] = []
    var deniers: [RuleKey: Rule] = [:]
    for rule in rules.reversed() where rule.level == .deny { deniers[rule.key] = rule }
    var others: [Step] = []
    for rule in rules {
      if !rule.key.partition.matches(partition) {
        others.append(Step(rule: rule, effect: .otherPartition))
      } else if rule === deciding {
        concerning.insert(Step(rule: rule, effect: .decides), at: 0)
      } else if rule.level == .deny {
        concerning.append(Step(rule: rule, effect: .grantsNothing))
      } else if let denier = deniers[rule.key] {
        concerning.append(Step(rule: rule, effect: .overridden(by: denier)))
      } else {
        concerning.append(Step(rule: rule, effect: .grants))
      }
    }
    return concerning + others
  }
}

extension Explanation.Effect {
  /// Whether the rule speaks about what was asked at all.
  package var concernsQuestion: Bool {
    switch self {
    case .otherPartition, .otherName: false
    case .decides, .grants, .grantsNothing, .lessSpecific, .overridden: true
    }
  }

  package var text: String {
    switch self {
    case .decides: "decides"
    case .grants: "shows names too"
    case .grantsNothing: "shows nothing"
    case .lessSpecific(let winner): "matches, but \(winner.place.text) is more specific"
    case .overridden(let winner):
      "matches, but \(winner.place.text) has the same key, and \(winner.level.text) comes first"
    case .otherPartition: "is for another partition"
    case .otherName: "is for another name"
    }
  }
}

extension RuleKey {
  /// Among keys that match one name in one partition: exact before prefix, longer before shorter, any prefix
  /// before a bare rule; and the partition before the name.
  func isMoreSpecific(than other: RuleKey) -> Bool {
    if partition != other.partition { return partition.isMoreSpecific(than: other.partition) }
    switch (names, other.names) {
    case (.pattern(let one), .pattern(let two)): return one.isMoreSpecific(than: two)
    case (.pattern, .every): return true
    case (.every, _): return false
    }
  }
}

extension RuleKey.Names {
  func match(_ name: ByteString) -> Bool {
    switch self {
    case .every: true
    case .pattern(let pattern): pattern.matches(name)
    }
  }
}

extension Pattern {
  fileprivate func isMoreSpecific(than other: Pattern) -> Bool {
    switch (self, other) {
    case (.exactly, .beginning): true
    case (.beginning(let one), .beginning(let two)): one.count > two.count
    case (.exactly, .exactly), (.beginning, .exactly): false
    }
  }
}
