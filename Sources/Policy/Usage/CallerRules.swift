// The rules that allow one token in one partition what it was allowed, and no more.
import Bytes
import Peering

/// A rule with what the record says for it.
struct SuggestedRule: Sendable {
  let key: RuleKey
  let level: Level
  var evidence: Evidence

  struct Evidence: Sendable {
    var reads = Occurrences()
    var writes = Occurrences()
    var lists = Occurrences()
    var names = 0
    /// Of a rule that takes a name out of a prefix.
    var denials = 0
    /// Known names that a prefix takes in although the token never asked for them.
    var unasked = 0
    /// Whether no name of the record stands for the rule.
    var isPlaceholder = false

    mutating func add(_ other: Evidence) {
      reads.add(other.reads)
      writes.add(other.writes)
      lists.add(other.lists)
      names = max(names, other.names)
      denials += other.denials
      unasked = max(unasked, other.unasked)
      isPlaceholder = isPlaceholder || other.isPlaceholder
    }
  }
}

struct CallerRules {
  private(set) var rules: [SuggestedRule] = []

  private let tree: NameTree
  private let partition: Pattern
  private let uses: [NameUse?]
  /// Whether prefixes may take in known names that the token never asked for.
  private let takesInUnasked: Bool
  /// Names that a rule already gives what they had.
  private var isSettled: [Bool]
  /// Names that a rule already takes out of a prefix of a higher level.
  private var isTakenOut: [Bool]

  init(
    _ tree: NameTree, partition: Partition, names: [PeerName: NameUse], list: ListUse?, takesInUnasked: Bool
  ) {
    self.tree = tree
    self.partition = .exactly(ByteString(partition.name))
    self.takesInUnasked = takesInUnasked
    uses = tree.names.map { name in PeerName(name.string).flatMap { names[$0] } }
    isSettled = uses.map { ($0?.level ?? .deny) == .deny }
    isTakenOut = uses.map { _ in false }
    grant(.write)
    grant(.read)
    if let list { grantList(list) }
  }

  private mutating func grant(_ level: Level) {
    let allowed = PrefixSums(uses.map { ($0?.level ?? .deny) >= level })
    var waiting = [0]
    while let index = waiting.popLast() {
      let node = tree.nodes[index]
      guard node.names.contains(where: { !isSettled[$0] && self.level(of: $0) >= level }) else { continue }
      if isPrefix(node, allowed) {
        grantPrefix(node, level)
      } else {
        for name in node.ends where !isSettled[name] && self.level(of: name) >= level {
          add(.pattern(.exactly(tree.names[name])), level, evidence([name]))
          isSettled[name] = true
        }
        waiting += node.children
      }
    }
  }

  private func level(of name: Int) -> Level { uses[name]?.level ?? .deny }

  /// Whether the names show that the token may touch all that begin so: enough of them in enough ways, and hardly any
  /// known one that it was not allowed.
  private func isPrefix(_ node: NameTree.Node, _ allowed: PrefixSums) -> Bool {
    let count = allowed.count(in: node.names)
    guard count * 100 >= node.names.count * PolicyLimits.prefixPercent else { return false }
    let ends = node.ends.count { allowed.count(in: $0..<$0 + 1) > 0 }
    let ways = ends + node.children.count { allowed.count(in: tree.nodes[$0].names) > 0 }
    if node.prefix.isEmpty {
      return count >= PolicyLimits.namesOfEvery && ways >= PolicyLimits.waysOfPrefix
    }
    return ends >= PolicyLimits.namesOfPrefix || ways >= PolicyLimits.waysOfPrefix
  }

  /// The prefix, and a rule for each known name under it that had less.
  private mutating func grantPrefix(_ node: NameTree.Node, _ level: Level) {
    var covered: [Int] = []
    var unasked = 0
    for name in node.names {
      if self.level(of: name) >= level {
        if !isSettled[name] { covered.append(name) }
        isSettled[name] = true
      } else if takesInUnasked, hasNotAsked(for: name, level) {
        if uses[name] == nil { unasked += 1 } else { covered.append(name) }
        isSettled[name] = true
      } else if !isTakenOut[name] {
        isTakenOut[name] = true
        add(.pattern(.exactly(tree.names[name])), self.level(of: name), evidence([name]))
        isSettled[name] = true
      }
    }
    var evidence = evidence(covered)
    evidence.unasked = unasked
    add(node.prefix.isEmpty ? .every : .pattern(.beginning(node.prefix)), level, evidence)
  }

  private func hasNotAsked(for name: Int, _ level: Level) -> Bool {
    guard let use = uses[name] else { return true }
    return level == .write ? use.denials == 0 : use.deniedReads == 0
  }

  private mutating func add(_ names: RuleKey.Names, _ level: Level, _ evidence: SuggestedRule.Evidence) {
    rules.append(
      SuggestedRule(key: RuleKey(partition: partition, names: names), level: level, evidence: evidence))
  }

  private func evidence(_ names: [Int]) -> SuggestedRule.Evidence {
    var evidence = SuggestedRule.Evidence()
    evidence.names = names.count
    for use in names.compactMap({ uses[$0] }) {
      evidence.reads.add(use.reads)
      evidence.writes.add(use.writes)
      evidence.denials += use.denials
    }
    return evidence
  }

  /// A list is answered to whoever may read some name. If lists hid nothing and showed more than the rules so far
  /// explain, the token may read every name.
  private mutating func grantList(_ list: ListUse) {
    var evidence = SuggestedRule.Evidence()
    evidence.lists = list.answered
    let readable = uses.indices.count { level(of: $0) >= .read }
    let wasDenied = uses.contains { ($0?.deniedReads ?? 0) > 0 && $0?.level == .deny }
    if list.mostKept > readable, !list.hidAny, !wasDenied,
      !rules.contains(where: { $0.key.names == .every })
    {
      // They repeat it, unless they take names out of a prefix that grants more.
      if !rules.contains(where: isWritePrefix) { rules.removeAll { $0.level <= .read } }
      add(.every, .read, evidence)
    } else if !rules.contains(where: isAllowing) {
      evidence.isPlaceholder = true
      add(.pattern(.exactly("no-such-peering")), .read, evidence)
    }
  }

  private func isWritePrefix(_ rule: SuggestedRule) -> Bool {
    if case .pattern(.exactly) = rule.key.names { return false }
    return rule.level == .write
  }

  private func isAllowing(_ rule: SuggestedRule) -> Bool { rule.level > .deny }
}
