// The rules of one policy, arranged so that a decision is a few binary searches.

/// The rule of a policy that speaks about a name, and how exactly it does.
struct Match {
  /// Compares precision within one question: equal ranks mean equal keys, since a name has only one prefix of
  /// each length. The partition weighs more than the name.
  let rank: Int
  let rule: Rule

  /// Exact beats the longest prefix, which beats bare `peering`; within one key deny beats write beats read.
  func prevails(over other: Match) -> Bool {
    rank == other.rank ? rule.level.overrides(other.rule.level) : rank > other.rank
  }
}

/// The rules of one policy that hold in one partition or partition prefix.
/// A class, so that a question touches one reference count and not those of all its tables.
final class NameTable: Sendable {
  private let every: Rule?
  private let exact: KeyTable
  private let prefixes: KeyTable
  private let rules: [Rule]
  /// Rules that let names be read, in the order of the file.
  let grants: [Rule]
  /// An empty prefix leaves nothing to bare `peering`.
  let hasEmptyPrefix: Bool

  // An exact name outranks a prefix of any length, and a prefix of length zero outranks bare `peering`.
  private static let exactRank = 255

  init(_ rules: [Rule]) {
    var every: Rule?
    var exact: [(key: [UInt8], value: Int32)] = []
    var prefixes: [(key: [UInt8], value: Int32)] = []
    for (index, rule) in rules.enumerated() {
      switch rule.key.names {
      case .every: every = rule
      case .pattern(.exactly(let name)): exact.append((Array(name.utf8), Int32(index)))
      case .pattern(.beginning(let prefix)): prefixes.append((Array(prefix.utf8), Int32(index)))
      }
    }
    self.every = every
    self.exact = KeyTable(exact)
    self.prefixes = KeyTable(prefixes)
    self.rules = rules
    grants = rules.filter { $0.level >= .read }
    hasEmptyPrefix = prefixes.contains { $0.key.isEmpty }
  }

  func match(_ name: Span<UInt8>) -> Match? {
    if let index = exact.value(of: name) { return Match(rank: Self.exactRank, rule: rules[Int(index)]) }
    if let (length, index) = prefixes.longestPrefix(of: name) {
      return Match(rank: length + 1, rule: rules[Int(index)])
    }
    return every.map { Match(rank: 0, rule: $0) }
  }

  /// Whether a rule here denies exactly these names.
  func denies(_ names: RuleKey.Names) -> Bool {
    switch names {
    case .every: every?.level == .deny
    case .pattern(.exactly(let name)):
      exact.value(of: name.utf8.span).map { rules[Int($0)].level == .deny } ?? false
    case .pattern(.beginning(let prefix)):
      prefixes.value(of: prefix.utf8.span).map { rules[Int($0)].level == .deny } ?? false
    }
  }

  /// Whether every name meets a rule here, so that less specific partitions are never asked.
  var coversEveryName: Bool { every != nil || hasEmptyPrefix }
}

/// All rules of one policy. One table serves every token that has the policy, so ten thousand tokens with one
/// policy of ten thousand rules hold ten thousand references, not copies.
final class RuleTable: Sendable {
  private let tables: [NameTable]
  private let exact: KeyTable
  private let prefixes: KeyTable
  private let defaultTable: Int32?

  private static let exactRank = 255 << 8

  /// `rules` must hold no key twice.
  init(_ rules: [Rule]) {
    var order: [Pattern] = []
    var groups: [Pattern: [Rule]] = [:]
    for rule in rules {
      if groups[rule.key.partition] == nil { order.append(rule.key.partition) }
      groups[rule.key.partition, default: []].append(rule)
    }
    var exact: [(key: [UInt8], value: Int32)] = []
    var prefixes: [(key: [UInt8], value: Int32)] = []
    for (index, partition) in order.enumerated() {
      switch partition {
      case .exactly(let name): exact.append((Array(name.utf8), Int32(index)))
      case .beginning(let prefix): prefixes.append((Array(prefix.utf8), Int32(index)))
      }
    }
    tables = order.map { NameTable(groups[$0] ?? []) }
    self.exact = KeyTable(exact)
    self.prefixes = KeyTable(prefixes)
    defaultTable = order.firstIndex(of: RuleKey.defaultPartition).map(Int32.init)
  }

  /// The most specific rule for a name in a partition: the exact partition first, then partition prefixes
  /// from the longest, and the first of them that has a rule for the name decides.
  func match(_ name: Span<UInt8>, in partition: PartitionKey) -> Match? {
    if let index = partition.isDefault ? defaultTable : exact.value(of: partition.bytes.span),
      let match = tables[Int(index)].match(name)
    {
      return Match(rank: Self.exactRank + match.rank, rule: match.rule)
    }
    guard !prefixes.isEmpty else { return nil }
    var found: Match?
    prefixes.forEachPrefix(of: partition.bytes.span) { length, index in
      guard let match = tables[Int(index)].match(name) else { return true }
      found = Match(rank: (length + 1) << 8 + match.rank, rule: match.rule)
      return false
    }
    return found
  }

  /// The most specific table for a partition among those ranked below `limit`.
  func layer(of partition: PartitionKey, below limit: Int) -> (rank: Int, table: NameTable)? {
    if limit > Self.exactRank,
      let index = partition.isDefault ? defaultTable : exact.value(of: partition.bytes.span)
    {
      return (Self.exactRank, tables[Int(index)])
    }
    var found: (rank: Int, table: NameTable)?
    prefixes.forEachPrefix(of: partition.bytes.span) { length, index in
      let rank = (length + 1) << 8
      guard rank < limit else { return true }
      found = (rank, tables[Int(index)])
      return false
    }
    return found
  }
}
