// The decision a second time, written from the description of the language and from nothing else.

/// Knows no tables and no ranks: it names every key that could speak about a name, from the most to the least
/// specific, and asks of each whether any policy has a rule for it.
struct NaiveDecision {
  struct Key: Hashable {
    let partition: String
    let isPartitionPrefix: Bool
    /// Nil for a bare rule.
    let name: String?
    let isNamePrefix: Bool
  }

  /// For each key, the levels that the policies of the token give it.
  private var levels: [Key: Set<String>] = [:]

  mutating func add(_ key: Key, _ level: String) { levels[key, default: []].insert(level) }

  func level(_ name: String, in partition: String) -> String? {
    for (partition, isPartitionPrefix) in Self.candidates(partition) {
      for (name, isNamePrefix) in Self.candidates(name) + [(nil, false)] {
        let key = Key(
          partition: partition ?? "", isPartitionPrefix: isPartitionPrefix, name: name,
          isNamePrefix: isNamePrefix)
        if let level = level(ofKey: key) { return level }
      }
    }
    return nil
  }

  func level(ofKey key: Key) -> String? {
    levels[key].flatMap { found in ["deny", "write", "read"].first(where: found.contains) }
  }

  /// The text itself, then its beginnings from the longest.
  private static func candidates(_ text: String) -> [(String?, Bool)] {
    [(text, false)] + (0...text.utf8.count).reversed().map { (String(text.prefix($0)), true) }
  }

  func showsAny(of names: [String], in partition: String) -> Bool {
    names.contains { level($0, in: partition) == "read" || level($0, in: partition) == "write" }
  }
}
