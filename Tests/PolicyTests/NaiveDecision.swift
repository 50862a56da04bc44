// The decision a second time, written from the description of the language and from nothing else.

@testable import Policy

/// Knows no tables and no ranks: it names every key that could speak about a name, from the most to the least
/// specific, and asks of each whether any rule has it.
struct NaiveDecision {
  struct WrittenRule {
    let partition: String
    let isPartitionPrefix: Bool
    /// Nil for a bare rule.
    let name: String?
    let isNamePrefix: Bool
    let level: String
  }

  let policies: [[WrittenRule]]

  func level(_ name: String, in partition: String) -> String? {
    for (partitionText, partitionIsPrefix) in candidates(partition) {
      for (nameText, nameIsPrefix) in candidates(name) + [(nil, false)] {
        var levels: Set<String> = []
        for policy in policies {
          for rule in policy
          where rule.partition == partitionText && rule.isPartitionPrefix == partitionIsPrefix
            && rule.name == nameText && rule.isNamePrefix == nameIsPrefix
          { levels.insert(rule.level) }
        }
        for level in ["deny", "write", "read"] where levels.contains(level) { return level }
      }
    }
    return nil
  }

  private func candidates(_ text: String) -> [(String?, Bool)] {
    [(text, false)] + (0...text.utf8.count).reversed().map { (String(text.prefix($0)), true) }
  }

  /// Whether any name of `universe` that the rules speak about is readable, when `universe` holds a
  /// representative of every key.
  func showsAny(of universe: [String], in partition: String) -> Bool {
    universe.contains { ["read", "write"].contains(level($0, in: partition)) }
  }
}
