// What a rule speaks about: names in partitions.

package import Bytes

/// One name, or all names that begin with some bytes.
package enum Pattern: Sendable, Hashable {
  case exactly(ByteString)
  case beginning(ByteString)

  package var text: ByteString {
    switch self {
    case .exactly(let text), .beginning(let text): text
    }
  }

  package func matches(_ name: ByteString) -> Bool {
    switch self {
    case .exactly(let text): text == name
    case .beginning(let text): name.hasPrefix(text)
    }
  }
}

/// The partitions and names of one rule. Two rules with equal keys contradict or repeat each other.
package struct RuleKey: Sendable, Hashable {
  package enum Names: Sendable, Hashable {
    /// Consul's own form, `peering = "read"`.
    case every
    case pattern(Pattern)
  }

  package let partition: Pattern
  package let names: Names

  package init(partition: Pattern, names: Names) {
    self.partition = partition
    self.names = names
  }

  /// Rules outside a `partition` block hold for this partition alone.
  package static let defaultPartition = Pattern.exactly("default")

  /// The key as the language writes it, without braces or quotes: `partition eu peering_prefix team-a-`.
  /// Names hold neither blanks nor quotes, so no two keys read alike; policy tests cite rules this way.
  package var text: String {
    let name =
      switch names {
      case .every: "peering"
      case .pattern(.exactly(let text)): "peering \(text)"
      case .pattern(.beginning(let text)): text.isEmpty ? "peering_prefix" : "peering_prefix \(text)"
      }
    if partition == Self.defaultPartition { return name }
    switch partition {
    case .exactly(let text): return "partition \(text) \(name)"
    case .beginning(let text):
      return text.isEmpty ? "partition_prefix \(name)" : "partition_prefix \(text) \(name)"
    }
  }
}
