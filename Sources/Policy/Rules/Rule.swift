// One rule and the place where somebody wrote it.
package import Bytes
package import JSON

/// Where something stands in a policy file. `line` and `column` count from 1, columns in bytes.
package struct Place: Sendable, Hashable {
  /// The file's name without its folder: the same on every machine that holds the same policies.
  package let file: ByteString
  package let line: Int
  package let column: Int

  package init(file: ByteString, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var text: String { "\(file.shown):\(line)" }
}

/// A rule of a policy. A class, because verdicts carry it: naming the rule that decided costs one
/// reference count and no copying of texts.
package final class Rule: Sendable {
  package let key: RuleKey
  package let level: Level
  /// The name of the policy that holds the rule.
  package let policy: ByteString
  package let place: Place
  /// The rule on one line, as the language writes it.
  package let text: String
  /// The same without its `partition` block.
  package let innerText: String
  /// File, line and text, as it stands in the audit record: `team-a.hcl:2 peering "hub" { policy = "read" }`.
  package let citation: String
  package let quotedCitation: QuotedString

  package init(key: RuleKey, level: Level, policy: ByteString, place: Place) {
    self.key = key
    self.level = level
    self.policy = policy
    self.place = place
    innerText =
      switch key.names {
      case .every: "peering = \"\(level.text)\""
      case .pattern(.exactly(let name)): "peering \"\(name)\" { policy = \"\(level.text)\" }"
      case .pattern(.beginning(let name)): "peering_prefix \"\(name)\" { policy = \"\(level.text)\" }"
      }
    text =
      switch key.partition {
      case RuleKey.defaultPartition: innerText
      case .exactly(let name): "partition \"\(name)\" { \(innerText) }"
      case .beginning(let name): "partition_prefix \"\(name)\" { \(innerText) }"
      }
    citation = place.text + " " + text
    quotedCitation = QuotedString(citation)
  }
}
