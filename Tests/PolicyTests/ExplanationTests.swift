// Explanations agree with the Judge, and say why each rule won or lost.
import Bytes
import Peering
import Testing

@testable import Policy

struct ExplanationTests {
  private let set: PolicySet

  init() throws {
    set = try policySet(
      """
      policy "a" {
        peering = "read"
        peering_prefix "team-" { policy = "write" }
        peering "team-1" { policy = "write" }
        partition "eu" { peering = "deny" }
      }
      policy "b" {
        peering "team-1" { policy = "deny" }
        peering "other"  { policy = "read" }
      }
      anonymous { policies = ["a", "b"] }
      token "old" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
        policies      = ["a"]
        not_after     = "2020-01-01T00:00:00Z"
      }
      """)
  }

  private func lines(_ operation: Operation, _ peer: String?, by subject: String = "anonymous") throws
    -> [String]
  {
    let question = Question(operation: operation, peer: try peer.map { try #require(PeerName($0)) })
    let asked = subject == "anonymous" ? set.anonymous : try #require(set.subject(named: ByteString(subject)))
    let explanation = Explanation(question, by: asked, connection: anywhere, now: LoaderVectors.now)
    return explanation.steps.map { "\($0.rule.place.line) \($0.effect.text)" }
  }

  @Test func `rules come in the order of their precedence, then those that do not concern the question`()
    throws
  {
    #expect(
      try lines(.delete, "team-1") == [
        "8 decides", "4 matches, but p.hcl:8 has the same key, and deny comes first",
        "3 matches, but p.hcl:8 is more specific", "2 matches, but p.hcl:8 is more specific",
        "5 is for another partition", "9 is for another name",
      ])
  }

  @Test func `a list shows what each rule adds`() throws {
    #expect(
      try lines(.list, nil) == [
        "2 decides", "3 shows names too", "4 matches, but p.hcl:8 has the same key, and deny comes first",
        "8 shows nothing", "9 shows names too", "5 is for another partition",
      ])
  }

  @Test func `where the token does not count, no rule is considered`() throws {
    #expect(try lines(.read, "team-1", by: "old").isEmpty)
  }

  @Test func `the deciding step is the Judge's rule, over random sets`() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      let subject = DecisionProperties.randomCase(&random).subject
      for _ in 0..<5 {
        let peer = try #require(PeerName("a" + random.name(0...3) + "b"))
        let question = Question(
          operation: .read, peer: peer, partition: Partition(random.name(1...2)) ?? .default)
        let explanation = Explanation(question, by: subject, connection: anywhere, now: LoaderVectors.now)
        let deciding = explanation.steps.first { if case .decides = $0.effect { true } else { false } }
        #expect(deciding?.rule.key == explanation.decision.rule?.key)
        #expect(deciding?.rule.level == explanation.decision.rule?.level)
        #expect(explanation.steps.count == subject.policies.reduce(0) { $0 + $1.rules.count })
      }
    }
  }
}
