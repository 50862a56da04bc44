// Policies that allow what a record allowed.
import Bytes
import Peering

/// Each rule stands once, in a policy of the tokens that need it: two tokens with the same rule share its policy.
package struct PolicySuggestion: Sendable {
  struct Policy: Sendable {
    let name: ByteString
    let rules: [SuggestedRule]
    let callers: [ObservedCaller]
  }

  let policies: [Policy]
  /// Every token of the record, in the order of their names.
  let callers: [ObservedCaller]
  private let policyNames: [AccessorID: [ByteString]]
  let observed: ObservedUse

  package var ruleCount: Int { policies.reduce(0) { $0 + $1.rules.count } }

  func policyNames(of accessorID: AccessorID) -> [ByteString] { policyNames[accessorID] ?? [] }

  package init(from observed: ObservedUse, takesInUnasked: Bool = false) {
    self.observed = observed
    let sorted = observed.callers.values.sorted {
      ($0.name, $0.accessorID.text) < ($1.name, $1.accessorID.text)
    }
    callers = sorted
    let trees = Self.trees(sorted)
    let rules = sorted.map { Self.rules(of: $0, trees, takesInUnasked: takesInUnasked) }
    var groups = Self.groups(rules)
    var counts = sorted.map { _ in 0 }
    for caller in groups.flatMap(\.callers) { counts[caller] += 1 }
    if counts.contains(where: { $0 > PolicyLimits.policiesPerToken }) {
      // A token may not have so many: each gets its own rules.
      groups = rules.enumerated().map { (callers: [$0], rules: $1) }.filter { !$0.rules.isEmpty }
    }
    var taken = TakenNames()
    var policies: [Policy] = []
    var policyNames: [AccessorID: [ByteString]] = [:]
    for group in groups {
      let own = group.callers.map { sorted[$0] }
      let name = Self.name(own, &taken)
      policies.append(Policy(name: name, rules: group.rules.sorted(by: Self.isBefore), callers: own))
      for caller in own { policyNames[caller.accessorID, default: []].append(name) }
    }
    self.policies = policies
    self.policyNames = policyNames
  }

  private static func trees(_ callers: [ObservedCaller]) -> [Partition: NameTree] {
    var names: [Partition: Set<ByteString>] = [:]
    for caller in callers {
      for (partition, own) in caller.names {
        names[partition, default: []].formUnion(own.keys.lazy.map { ByteString($0.text) })
      }
      for partition in caller.lists.keys { names[partition, default: []].formUnion([]) }
    }
    return names.mapValues { NameTree($0) }
  }

  private static func rules(
    of caller: ObservedCaller, _ trees: [Partition: NameTree], takesInUnasked: Bool
  ) -> [SuggestedRule] {
    // The caller's own partitions alone: elsewhere it was allowed nothing.
    let partitions = Set(caller.names.keys).union(caller.lists.keys)
    return partitions.sorted { ByteString($0.name) < ByteString($1.name) }.flatMap { partition in
      trees[partition].map { tree in
        CallerRules(
          tree, partition: partition, names: caller.names[partition] ?? [:], list: caller.lists[partition],
          takesInUnasked: takesInUnasked
        ).rules
      } ?? []
    }
  }

  private struct Identity: Hashable {
    let key: RuleKey
    let level: Level
  }

  /// Rules by the set of tokens that have them.
  private static func groups(_ rules: [[SuggestedRule]]) -> [(callers: [Int], rules: [SuggestedRule])] {
    var owners: [Identity: (callers: [Int], rule: SuggestedRule)] = [:]
    for (caller, own) in rules.enumerated() {
      for rule in own {
        let identity = Identity(key: rule.key, level: rule.level)
        if owners[identity] == nil {
          owners[identity] = ([caller], rule)
        } else {
          owners[identity]?.callers.append(caller)
          owners[identity]?.rule.evidence.add(rule.evidence)
        }
      }
    }
    return Dictionary(grouping: owners.values, by: \.callers)
      .map { (callers: $0.key, rules: $0.value.map(\.rule)) }
      .sorted { $0.callers.lexicographicallyPrecedes($1.callers) }
  }

  /// Partition, then what is general before what is special.
  private static func isBefore(_ one: SuggestedRule, _ other: SuggestedRule) -> Bool {
    func order(_ rule: SuggestedRule) -> (Int, ByteString, Int, ByteString) {
      let partition = rule.key.partition
      let isDefault = partition == RuleKey.defaultPartition
      return switch rule.key.names {
      case .every: (isDefault ? 0 : 1, partition.text, 0, "")
      case .pattern(.beginning(let text)): (isDefault ? 0 : 1, partition.text, 1, text)
      case .pattern(.exactly(let text)): (isDefault ? 0 : 1, partition.text, 2, text)
      }
    }
    return order(one) < order(other)
  }

  private struct TakenNames {
    var names: Set<ByteString> = []
    /// The last number behind each base.
    var last: [ByteString: Int] = [:]
  }

  /// The token's name, as far as a policy may be called so, and a number where that is taken.
  private static func name(_ callers: [ObservedCaller], _ taken: inout TakenNames) -> ByteString {
    let stem =
      callers.count == 1
      ? String(
        decoding: (callers.first?.name.utf8.prefix(100) ?? "".utf8.prefix(0)).map { byte in
          StanzaName.isPolicy(ByteString(String(UnicodeScalar(byte)))) ? byte : UInt8(ascii: "-")
        }, as: UTF8.self) : "shared"
    let base = stem.isEmpty ? "token" : stem
    var name = ByteString(callers.count == 1 ? base : "\(base)-1")
    // Counted on where the last of that base ended: from the beginning, many of one name would cost their square.
    var number = taken.last[ByteString(base)] ?? 1
    while !taken.names.insert(name).inserted {
      number += 1
      name = ByteString("\(base)-\(number)")
    }
    taken.last[ByteString(base)] = number
    return name
  }
}
