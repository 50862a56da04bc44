// What is granted and not needed.
import Bytes
import Testing

@testable import Policy

struct PolicyUseTests {
  private typealias Lines = PolicySuggestionTests

  private let set: PolicySet

  init() throws {
    let digest = { (letter: String) in String(repeating: letter, count: 64) }
    set = try policySet(
      """
      policy "a" {
        peering_prefix "a-" { policy = "write" }
        peering "a-secret" { policy = "deny" }
        peering "hub" { policy = "read" }
      }
      policy "b" {
        peering "b" { policy = "read" }
      }
      policy "c" {
        peering "c" { policy = "read" }
      }
      token "one" {
        accessor_id = "\(Lines.accessor("one"))"
        secret_sha256 = ["\(digest("1"))"]
        policies = ["a", "b"]
      }
      token "two" {
        accessor_id = "\(Lines.accessor("two"))"
        secret_sha256 = ["\(digest("2"))"]
        policies = ["b", "c"]
      }
      token "three" {
        accessor_id = "\(Lines.accessor("three"))"
        secret_sha256 = ["\(digest("3"))"]
        policies = ["c"]
      }
      """)
  }

  private func use(_ lines: [String], since: String? = nil) -> PolicyUse {
    var use = PolicyUse(of: set, since: since.flatMap { Timestamp($0) })
    for line in lines { use.read(line.utf8.span) }
    use.finish()
    return use
  }

  private func keys(_ rules: [PolicyUse.RuleUse]) -> [String] { rules.map(\.rule.key.text) }

  @Test func `what no line needs is listed, and nothing else`() {
    let nothing = use([])
    #expect(
      keys(nothing.unusedRules) == [
        "peering_prefix a-", "peering a-secret", "peering hub", "peering b", "peering c",
      ])
    #expect(
      nothing.unusedPolicies == ["a", "b", "c"]
        && nothing.unusedTokens.map(\.name) == ["one", "two", "three"])
    let some = use([
      Lines.line("one", "read", "a-1", "allow"), Lines.line("one", "read", "a-secret", "deny"),
      Lines.line("two", "read", "b", "allow"), Lines.line("three", "read", "x", "deny"),
    ])
    #expect(keys(some.unusedRules) == ["peering hub", "peering c"])
    #expect(keys(some.unusedWrites) == ["peering_prefix a-"])
    #expect(some.unusedPolicies == ["c"])
    #expect(some.unusedTokens.map(\.name) == ["three"] && some.unusedTokens.first?.lastDenial != nil)
    #expect(some.unusedGrants == [PolicyUse.Grant(token: "one", policy: "b")])
    #expect(keys(use([Lines.line("one", "delete", "a-1", "allow")]).unusedWrites) == [])
  }

  @Test func `a rule that grants is not used by a denial, nor by what falls differently today`() {
    let use = use([
      Lines.line("one", "delete", "hub", "deny"), Lines.line("one", "read", "c", "allow"),
      Lines.line("nobody", "read", "c", "allow"),
    ])
    #expect(use.unusedRules.count == 5)
    #expect(use.differentCount == 1 && use.otherTokenCount == 1 && use.decisionCount == 2)
  }

  @Test func `a list needs one rule, and the others are told to have been listed`() {
    let use = use([Lines.line("two", "list", nil, "allow")])
    #expect(use.rules.count { $0.isUsed } == 1)
    #expect(use.rules.filter { $0.lastList != nil }.map(\.rule.key.text) == ["peering b", "peering c"])
  }

  @Test func `uses before the period are told and do not count`() {
    let line = Lines.line("one", "delete", "a-1", "allow", at: "2026-11-01T00:00:00.000000Z")
    for (since, isUsed) in [("2026-11-01T00:00:00Z", true), ("2026-11-01T00:00:01Z", false)] {
      let use = use([line], since: since)
      #expect(use.rules[0].isUsed == isUsed && use.tokens[0].isUsed == isUsed)
      #expect(use.rules[0].lastUse == Timestamp("2026-11-01T00:00:00Z"))
    }
  }

  @Test func `answers of level none are counted, for nobody can know what they needed`() {
    func event(_ payload: String) -> String {
      "{\"created_at\":\"x\",\"event_type\":\"gate-unrecorded\",\"payload\":{\(payload)}\(recordEnd)"
    }
    let most = "9223372036854775807"
    for (lines, count) in [
      ([event("\"since\":\"x\",\"read\":50,\"list\":3")], 53),
      ([event("\"read\":1"), event("\"list\":2"), event("\"read\":-5")], 3),
      ([event("\"read\":\(most),\"list\":\(most)")], 2 * PolicyLimits.unrecordedAnswers),
      ([event("\"read\":\"many\"")], 0),
    ] { #expect(use(lines).decisions.unrecordedCount == count) }
    let text = use([event("\"read\":50,\"list\":3")]).decisions.leftOut
    #expect(text == "53 reads and lists of level none, which have no line to tell what they needed")
  }
}
