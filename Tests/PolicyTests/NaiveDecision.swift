// The decision a second time, written from the description of the language and from nothing else.

/// Knows no tables and no ranks: it names every key that could speak about a name, from the most to the least
/// specific, and asks of each whether any policy has a rule for it.
struct NaiveDecision {
  struct Key: Hashable {
    /// Nil for a bare rule.
    let text: String?
    let isPrefix: Bool
  }

  /// By partition and then by name: the levels that the policies of the token give.
  private var levels: [Key: [Key: Set<String>]] = [:]

  mutating func add(partition: Key, name: Key, _ level: String) {
    levels[partition, default: [:]][name, default: []].insert(level)
  }

  func level(_ name: String, in partition: String) -> String? {
    for partition in Self.candidates(partition) {
      guard let names = levels[partition] else { continue }
      for name in Self.candidates(name) + [Key(text: nil, isPrefix: false)] {
        guard let found = names[name] else { continue }
        return ["deny", "write", "read"].first(where: found.contains)
      }
    }
    return nil
  }

  func isDenied(partition: Key, name: Key) -> Bool { levels[partition]?[name]?.contains("deny") ?? false }

  /// The text itself, then its beginnings from the longest.
  private static func candidates(_ text: String) -> [Key] {
    var keys = [Key(text: text, isPrefix: false)]
    var beginning = text
    while true {
      keys.append(Key(text: beginning, isPrefix: true))
      if beginning.isEmpty { return keys }
      beginning.removeLast()
    }
  }

  func showsAny(of names: [String], in partition: String) -> Bool {
    names.contains { level($0, in: partition) == "read" || level($0, in: partition) == "write" }
  }
}
