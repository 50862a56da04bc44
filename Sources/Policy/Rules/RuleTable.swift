// The rules of one policy, arranged so that a decision is a few binary searches.

import Bytes

/// The rule of a policy that speaks about a name, and how exactly it does. Numbers alone, so that asking touches no
/// reference count: a list asks about each of its elements, and wants no more than the level.
struct Match {
  /// Compares precision within one question: equal ranks mean equal keys, since a name has only one prefix of
  /// each length. The partition weighs more than the name.
  let rank: Int
  let level: Level
  /// Which of the policy's tables holds the rule, and where.
  let table: Int32
  let place: Int32

  /// Exact beats the longest prefix, which beats bare `peering`; within one key deny beats write beats read.
  func prevails(over other: Match) -> Bool {
    rank == other.rank ? level.overrides(other.level) : rank > other.rank
  }
}

/// The rules of one policy that hold in one partition or partition prefix.
/// A class, so that a question touches one reference count and not those of all its tables.
final class NameTable: Sendable {
  private let every: Int32?
  private let exact: KeyTable
  private let prefixes: KeyTable
  private let rules: [Rule]
  /// Those of `rules`.
  private let levels: [Level]
  /// Rules that let names be read, in the order of the file.
  let grants: [Rule]
  /// Of those, the ones that let names be written.
  let writeGrants: [Rule]
  /// An empty prefix leaves nothing to bare `peering`.
  let hasEmptyPrefix: Bool

  // An exact name outranks a prefix of any length, and a prefix of length zero outranks bare `peering`.
  private static let exactRank = 255

  init(_ rules: [Rule]) {
    var every: Int32?
    var exact: [(key: [UInt8], value: Int32)] = []
    var prefixes: [(key: [UInt8], value: Int32)] = []
    for (index, rule) in rules.enumerated() {
      switch rule.key.names {
      case .every: every = Int32(index)
      case .pattern(.exactly(let name)): exact.append((Array(name.utf8), Int32(index)))
      case .pattern(.beginning(let prefix)): prefixes.append((Array(prefix.utf8), Int32(index)))
      }
    }
    self.every = every
    self.exact = KeyTable(exact)
    self.prefixes = KeyTable(prefixes)
    self.rules = rules
    levels = rules.map(\.level)
    grants = rules.filter { $0.level >= .read }
    writeGrants = rules.filter { $0.level >= .write }
    hasEmptyPrefix = prefixes.contains { $0.key.isEmpty }
  }

  /// The most specific rule about a name, of a table that is number `table` of its policy and ranks as `rank`.
  @inline(__always)
  func match(_ name: Span<UInt8>, rank: Int, table: Int32) -> Match? {
    guard let (precision, place) = place(for: name) else { return nil }
    return Match(rank: rank + precision, level: level(at: place), table: table, place: place)
  }

  @inline(__always)
  private func place(for name: Span<UInt8>) -> (rank: Int, place: Int32)? {
    if let place = exact.value(of: name) { return (Self.exactRank, place) }
    if let (length, place) = prefixes.longestPrefix(of: name) { return (length + 1, place) }
    return every.map { (0, $0) }
  }

  private func level(at place: Int32) -> Level { levels[Int(place)] }
  func rule(at place: Int32) -> Rule { rules[Int(place)] }

  /// Whether a rule here denies exactly these names.
  func denies(_ names: RuleKey.Names) -> Bool {
    switch names {
    case .every: every.map { level(at: $0) } == .deny
    case .pattern(.exactly(let name)):
      exact.value(of: name.utf8.span).map { level(at: $0) == .deny } ?? false
    case .pattern(.beginning(let prefix)):
      prefixes.value(of: prefix.utf8.span).map { level(at: $0) == .deny } ?? false
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
  /// The tables by which some name can be written, with their partitions.
  let writing: [(partition: Pattern, table: NameTable)]

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
    let tables = order.map { NameTable(groups[$0] ?? []) }
    self.tables = tables
    writing = zip(order, tables).compactMap { $1.writeGrants.isEmpty ? nil : ($0, $1) }
    self.exact = KeyTable(exact)
    self.prefixes = KeyTable(prefixes)
    defaultTable = order.firstIndex(of: RuleKey.defaultPartition).map(Int32.init)
  }

  /// The most specific rule for a name in a partition: the exact partition first, then partition prefixes
  /// from the longest, and the first of them that has a rule for the name decides.
  func match(_ name: Span<UInt8>, in partition: PartitionKey) -> Match? {
    var found: Match?
    forEachTable(of: partition) { rank, index, table in
      found = table.match(name, rank: rank, table: index)
      return found == nil
    }
    return found
  }

  func rule(of match: Match) -> Rule { tables[Int(match.table)].rule(at: match.place) }

  /// The most specific table for a partition among those ranked below `limit`.
  func layer(of partition: PartitionKey, below limit: Int) -> (rank: Int, table: NameTable)? {
    var found: (rank: Int, table: NameTable)?
    forEachTable(of: partition) { rank, _, table in
      guard rank < limit else { return true }
      found = (rank, table)
      return false
    }
    return found
  }

  /// The table of exactly this partition, or exactly this prefix of partitions.
  func table(of partition: Pattern) -> NameTable? {
    switch partition {
    case .exactly(let name): exact.value(of: name.utf8.span).map { tables[Int($0)] }
    case .beginning(let prefix): prefixes.value(of: prefix.utf8.span).map { tables[Int($0)] }
    }
  }

  /// Visits every table that speaks about a partition, the most specific first, until `body` returns false.
  @inline(__always)
  func forEachTable(
    of partition: PartitionKey, _ body: (_ rank: Int, _ index: Int32, _ table: NameTable) -> Bool
  ) {
    if let index = partition.isDefault ? defaultTable : exact.value(of: partition.bytes.span) {
      guard body(Self.exactRank, index, tables[Int(index)]) else { return }
    }
    prefixes.forEachPrefix(of: partition.bytes.span) { length, index in
      body((length + 1) << 8, index, tables[Int(index)])
    }
  }
}
