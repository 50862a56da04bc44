// The lists of what is not used, exact on hundreds of rules, against a computation that shares nothing with ours.
import Bytes
import Foundation
import Testing

@testable import Policy

struct LargePolicyUseTests {
  private typealias Lines = PolicySuggestionTests

  private struct PlainRule: Hashable {
    let policy: String
    let text: String
    let isPrefix: Bool
    let level: String
    var key: String { (isPrefix ? "peering_prefix " : "peering ") + text }
  }

  private struct PlainToken {
    let name: String
    let policies: [Int]
    /// The first second in which it is no longer good; nil for never.
    let end: String?
  }

  private static let policyCount = 60

  /// Prefixes within prefixes, denials within grants, exact names within all of them, and names that each policy rules.
  private static func rules(_ index: Int) -> [PlainRule] {
    let policy = "p\(index)"
    let level = ["deny", "write", "read"][index % 3]
    func rule(_ text: String, _ isPrefix: Bool, _ level: String) -> PlainRule {
      PlainRule(policy: policy, text: text, isPrefix: isPrefix, level: level)
    }
    return [
      rule("t\(index)-", true, "write"), rule("t\(index)-a-", true, "read"),
      rule("t\(index)-a-b-", true, "deny"), rule("t\(index)-x", false, "read"),
      rule("t\(index)-a-q", false, "write"), rule("t\(index)-a-b-z", false, "read"),
      rule("common", false, level), rule(["both-d", "both", "both"][index % 3], false, level),
      rule("never\(index)", false, "read"),
    ]
  }

  private static let tokens: [PlainToken] = (0..<70).map { index in
    let first = index % policyCount
    let policies = [first, (first + 1) % policyCount, (first + 20) % policyCount]
    return PlainToken(
      name: "k\(index)", policies: policies, end: index >= 66 ? "2026-11-20T00:00:00" : nil)
  }

  private static func text() -> String {
    var text = ""
    for index in 0..<policyCount {
      text += "policy \"p\(index)\" {\n"
      for rule in rules(index) {
        let kind = rule.isPrefix ? "peering_prefix" : "peering"
        text += "  \(kind) \"\(rule.text)\" { policy = \"\(rule.level)\" }\n"
      }
      text += "}\n"
    }
    for (index, token) in tokens.enumerated() {
      let digest = String(repeating: "0", count: 60) + String(1_000 + index)
      text += "token \"\(token.name)\" {\n  accessor_id = \"\(Lines.accessor(token.name))\"\n"
      text += "  secret_sha256 = [\"\(digest)\"]\n"
      if let end = token.end { text += "  not_after = \"\(end)Z\"\n" }
      text += "  policies = [\(token.policies.map { "\"p\($0)\"" }.joined(separator: ", "))]\n}\n"
    }
    return text
  }

  /// The rule that decides, by looking at all of them: exact before the longest prefix, and deny, write, read.
  private static func decide(_ name: String, _ token: PlainToken) -> PlainRule? {
    let name = Array(name.utf8)
    let matching = token.policies.flatMap(rules).filter { rule in
      rule.isPrefix ? name.starts(with: rule.text.utf8) : name.elementsEqual(rule.text.utf8)
    }
    let exact = matching.filter { !$0.isPrefix }
    let longest = matching.map(\.text.utf8.count).max() ?? 0
    let best = exact.isEmpty ? matching.filter { $0.text.utf8.count == longest } : exact
    return ["deny", "write", "read"].lazy.compactMap { level in best.first { $0.level == level } }.first
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `what is unused is exact on hundreds of rules`(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let set = try policySet(Self.text())
    var use = PolicyUse(of: set)
    var usedRules: Set<PlainRule> = []
    var changedBy: Set<PlainRule> = []
    var usedTokens: Set<String> = []
    var usedGrants: Set<String> = []
    var different = 0
    for id in 0..<700 {
      // The last tokens but those that expire are never used, though they ask in vain.
      let token = Self.tokens.randomElement(using: &random)!
      let isIdle = (60..<66).contains(Int(token.name.dropFirst()) ?? 0)
      let owner = token.policies.randomElement(using: &random)!
      let ends = ["", "1", "a-", "a-1", "a-b-", "a-b-1", "a-b-z", "a-q", "x", "xx"]
      let name =
        Int.random(in: 0..<8, using: &random) == 0
        ? ["common", "both", "both-d", "elsewhere"].randomElement(using: &random)!
        : "t\(owner)-" + ends.randomElement(using: &random)!
      guard !name.hasSuffix("-") else { continue }
      let operation = ["read", "generate", "establish", "delete"].randomElement(using: &random)!
      let isChange = operation != "read"
      let time = String(format: "2026-11-%02dT12:00:00", Int.random(in: 10...28, using: &random))
      let rule = Self.decide(name, token)
      let hasExpired = token.end.map { $0 <= time } ?? false
      let isGranted = !hasExpired && (rule?.level == "write" || (rule?.level == "read" && !isChange))
      let isAllowed =
        isIdle ? false : Int.random(in: 0..<6, using: &random) == 0 ? !isGranted : isGranted
      use.read(
        Lines.line(
          token.name, operation, name, isAllowed ? "allow" : "deny", at: time + ".000000Z", id: id
        ).utf8.span)
      if isAllowed { usedTokens.insert(token.name) }
      guard isAllowed == isGranted else {
        different += 1
        continue
      }
      guard let rule, !hasExpired, isAllowed == (rule.level != "deny") else { continue }
      usedRules.insert(rule)
      if isChange { changedBy.insert(rule) }
      usedGrants.insert("\(token.name) \(rule.policy)")
    }
    use.finish()

    let all = (0..<Self.policyCount).flatMap(Self.rules)
    func names(_ rules: [PlainRule]) -> Set<String> { Set(rules.map { "\($0.policy) \($0.key)" }) }
    func names(_ rules: [PolicyUse.RuleUse]) -> Set<String> {
      Set(rules.map { "\($0.rule.policy) \($0.rule.key.text)" })
    }
    #expect(all.count == 540 && use.rules.count == all.count)
    #expect(use.differentCount == different && different > 0)
    #expect(names(use.unusedRules) == names(all.filter { !usedRules.contains($0) }))
    #expect(
      names(use.unusedWrites)
        == names(all.filter { usedRules.contains($0) && $0.level == "write" && !changedBy.contains($0) }))
    let idle = Self.tokens.map(\.name).filter { !usedTokens.contains($0) }
    #expect(use.unusedTokens.map(\.name.string) == idle && Set((60..<66).map { "k\($0)" }).isSubset(of: idle))
    let usedPolicies = Set(usedGrants.map { $0.split(separator: " ")[1] })
    let unusedPolicies = (0..<Self.policyCount).map { "p\($0)" }.filter { !usedPolicies.contains($0[...]) }
    #expect(use.unusedPolicies.map(\.string) == unusedPolicies)
    let grants = Self.tokens.filter { usedTokens.contains($0.name) }.flatMap { token in
      token.policies.map { "p\($0)" }.filter { !unusedPolicies.contains($0) }.map { "\(token.name) \($0)" }
    }.filter { !usedGrants.contains($0) }
    #expect(Set(use.unusedGrants.map { "\($0.token.string) \($0.policy.string)" }) == Set(grants))
    // Both outcomes of each list are there, or the comparison would say nothing.
    #expect(!usedRules.isEmpty && !changedBy.isEmpty && !grants.isEmpty)
  }
}
