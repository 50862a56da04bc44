// What a subject could be granted at all: asked before it is known which name a request is about.
import Peering

extension Subject {
  /// A rule that lets some name of the partition be read, or nil: then even an empty list is too much.
  func ruleForListing(_ partition: PartitionKey) -> Rule? { rule(granting: .read, in: partition) }

  /// A rule that lets some name be written, or nil: then no body needs to be read. Without a partition, of any.
  func ruleForWriting(in partition: Partition?) -> Rule? {
    guard let partition else { return ruleForWritingAnywhere() }
    return rule(granting: .write, in: PartitionKey(partition))
  }

  /// A rule counts if it can meet a name (no more specific layer covers every name) and no policy of the
  /// token overrides it in its own key. The first one found answers, so the cost is the number of overridden rules.
  private func rule(granting level: Level, in partition: PartitionKey) -> Rule? {
    var limit = Int.max
    while true {
      var rank = Int.min
      var layer: [NameTable] = []
      for table in tables {
        guard let found = table.layer(of: partition, below: limit), found.rank >= rank else { continue }
        if found.rank > rank { layer.removeAll(keepingCapacity: true) }
        rank = found.rank
        layer.append(found.table)
      }
      if layer.isEmpty { return nil }
      if let rule = Self.rule(granting: level, in: layer) { return rule }
      if layer.contains(where: \.coversEveryName) { return nil }
      limit = rank
    }
  }

  /// Each partition pattern by itself: one name lies in partitions without number, of which a pattern that is more specific
  /// takes a part, and never all.
  private func ruleForWritingAnywhere() -> Rule? {
    for (index, policy) in tables.enumerated() {
      for own in policy.writing {
        // What a policy before this one shares with it has been asked for.
        let others = tables.enumerated().filter { $0.offset != index }
        let layer = [own.table] + others.compactMap { $0.element.table(of: own.partition) }
        if let rule = Self.rule(granting: .write, in: layer) { return rule }
      }
    }
    return nil
  }

  /// `layer` holds the tables of one partition or partition prefix, of all policies that have one.
  private static func rule(granting level: Level, in layer: [NameTable]) -> Rule? {
    let bareIsUnreachable = layer.contains(where: \.hasEmptyPrefix)
    for table in layer {
      for rule in level == .write ? table.writeGrants : table.grants {
        if bareIsUnreachable, rule.key.names == .every { continue }
        if !layer.contains(where: { $0.denies(rule.key.names) }) { return rule }
      }
    }
    return nil
  }
}
