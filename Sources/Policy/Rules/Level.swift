// How much a rule grants.

package import Bytes

/// Consul's three words, in the order of what they grant: `write` includes `read`, `deny` grants nothing.
package enum Level: UInt8, Sendable, Comparable, CaseIterable {
  case deny, read, write

  /// Exactly one spelling each. Consul accepts `"DENY"` and then drops the rule when it merges policies.
  package init?(_ text: ByteString) {
    switch text {
    case "deny": self = .deny
    case "read": self = .read
    case "write": self = .write
    default: return nil
    }
  }

  package var text: String {
    switch self {
    case .deny: "deny"
    case .read: "read"
    case .write: "write"
    }
  }

  package static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }

  /// Which of two rules with the same key holds: deny beats write, write beats read.
  func overrides(_ other: Level) -> Bool {
    if self == .deny { return other != .deny }
    return other != .deny && self > other
  }
}
