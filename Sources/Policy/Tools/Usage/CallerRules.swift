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
  /// What the token asked for, in the order of the names. Nothing here looks at the others, but for those under a prefix
  /// that is granted, of which the token has nine in ten: a record of many tokens would cost the product otherwise.
  private let own: [OwnName]
  /// Whether prefixes may take in known names that the token never asked for.
  private let takesInUnasked: Bool
  /// Own names that a rule already gives what they had.
  private var isSettled: [Bool]
  /// Names that a rule already takes out of a prefix of a higher level.
  private var takenOut: Set<Int> = []

  private struct OwnName {
    let name: Int
    let use: NameUse
  }

  init(
    _ tree: NameTree, partition: Partition, names: [PeerName: NameUse], list: ListUse?, takesInUnasked: Bool
  ) {
    self.tree = tree
    self.partition = .exactly(ByteString(partition.name))
    self.takesInUnasked = takesInUnasked
    own = names.compactMap { name, use in
      tree.index(of: ByteString(name.text)).map { OwnName(name: $0, use: use) }
    }.sorted { $0.name < $1.name }
    isSettled = own.map { $0.use.level == .deny }
    grant(.write)
    grant(.read)
    if let list { grantList(list) }
  }

  /// A node and the own names under it.
  private typealias Place = (node: Int, own: Range<Int>)

  private mutating func grant(_ level: Level) {
    var waiting: [Place] = [(0, own.indices)]
    while let place = waiting.popLast() {
      guard place.own.contains(where: { isWanting($0, level) }) else { continue }
      let parts = parts(of: place)
      if isPrefix(place, parts, level) {
        grantPrefix(place, level)
        continue
      }
      for part in parts {
        if let child = part.child {
          waiting.append((child, part.own))
        } else if isWanting(part.own.lowerBound, level) {
          let name = own[part.own.lowerBound]
          add(.pattern(.exactly(tree.names[name.name])), level, evidence([name.use]))
          isSettled[part.own.lowerBound] = true
        }
      }
    }
  }

  private func isWanting(_ index: Int, _ level: Level) -> Bool {
    !isSettled[index] && own[index].use.level >= level
  }

  /// The own names under a node: those that end there one by one, the others by child.
  private func parts(of place: Place) -> [(child: Int?, own: Range<Int>)] {
    let node = tree.nodes[place.node]
    var parts: [(child: Int?, own: Range<Int>)] = []
    var index = place.own.lowerBound
    while index < place.own.upperBound {
      let child = tree.child(of: node, holding: own[index].name)
      var end = index + 1
      if let child {
        let names = tree.nodes[child].names
        while end < place.own.upperBound, names.contains(own[end].name) { end += 1 }
      }
      parts.append((child, index..<end))
      index = end
    }
    return parts
  }

  /// Whether the names show that the token may touch all that begin so: enough of them in enough ways, and hardly any
  /// known one that it was not allowed.
  private func isPrefix(
    _ place: Place, _ parts: [(child: Int?, own: Range<Int>)], _ level: Level
  ) -> Bool {
    let node = tree.nodes[place.node]
    let count = place.own.count { own[$0].use.level >= level }
    guard count * 100 >= node.names.count * PolicyLimits.prefixPercent else { return false }
    let allowed = parts.filter { part in part.own.contains { own[$0].use.level >= level } }
    if node.prefix.isEmpty {
      return count >= PolicyLimits.namesOfEvery && allowed.count >= PolicyLimits.waysOfPrefix
    }
    let ends = allowed.count { $0.child == nil }
    return ends >= PolicyLimits.namesOfPrefix || allowed.count >= PolicyLimits.waysOfPrefix
  }

  /// The prefix, and a rule for each known name under it that had less.
  private mutating func grantPrefix(_ place: Place, _ level: Level) {
    let node = tree.nodes[place.node]
    var covered: [NameUse] = []
    var unasked = 0
    var next = place.own.lowerBound
    for name in node.names {
      var index: Int?
      if next < place.own.upperBound, own[next].name == name {
        index = next
        next += 1
      }
      let use = index.map { own[$0].use }
      let had = use?.level ?? .deny
      if had >= level {
        if let index, let use, !isSettled[index] { covered.append(use) }
      } else if takesInUnasked, Self.hasNotAsked(use, level) {
        if let use { covered.append(use) } else { unasked += 1 }
      } else if takenOut.insert(name).inserted {
        add(.pattern(.exactly(tree.names[name])), had, evidence(use.map { [$0] } ?? [], names: 1))
      } else {
        continue
      }
      if let index { isSettled[index] = true }
    }
    var evidence = evidence(covered)
    evidence.unasked = unasked
    add(node.prefix.isEmpty ? .every : .pattern(.beginning(node.prefix)), level, evidence)
  }

  private static func hasNotAsked(_ use: NameUse?, _ level: Level) -> Bool {
    guard let use else { return true }
    return level == .write ? use.denials == 0 : use.deniedReads == 0
  }

  private mutating func add(_ names: RuleKey.Names, _ level: Level, _ evidence: SuggestedRule.Evidence) {
    rules.append(
      SuggestedRule(key: RuleKey(partition: partition, names: names), level: level, evidence: evidence))
  }

  private func evidence(_ uses: [NameUse], names: Int? = nil) -> SuggestedRule.Evidence {
    var evidence = SuggestedRule.Evidence()
    evidence.names = names ?? uses.count
    for use in uses {
      evidence.reads.add(use.reads)
      evidence.writes.add(use.writes)
      evidence.denials += use.denials
    }
    return evidence
  }

  /// A list is answered to anyone who may read some name. If lists hid nothing and showed more than the rules so far
  /// explain, the token may read every name.
  private mutating func grantList(_ list: ListUse) {
    var evidence = SuggestedRule.Evidence()
    evidence.lists = list.answered
    let readable = own.count { $0.use.level >= .read }
    let wasDenied = own.contains { $0.use.deniedReads > 0 && $0.use.level == .deny }
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
