// What parses prints back to the same policies.
import Bytes
import Testing

@testable import Policy

struct PolicyPrinterTests {
  @Test func `a set with everything in it prints back to itself`() throws {
    let text = """
      policy "a" {
        peering_prefix "team-" { policy = "write" }
        partition "eu" {
          peering = "read"
          peering "hub" { policy = "deny" }
        }
        partition_prefix "" {
          peering_prefix "" { policy = "read" }
        }
        peering = "deny"
      }

      policy "b" {
        audit = "reduced"
      }

      token "t" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
        policies      = ["a", "b"]
        not_before    = "2026-01-01T00:00:00Z"
        not_after     = "2027-06-30T00:00:00Z"
        revoked       = true
        sources       = ["10.0.0.0/8", "2001:db8::/32"]
        client_certificate {
          san_uri = ["spiffe://example.org/ns/*"]
          san_dns = ["web-1"]
        }
      }

      anonymous {
        policies = []
      }

      """
    #expect(PolicyPrinter.text(try policySet(text)) == text)
  }

  @Test func `JSON and HCL of one set print alike`() throws {
    let json = #"""
      {"policy": {"a": {"peering_prefix": {"team-": {"policy": "write"}},
                        "partition": {"eu": {"peering": "read"}}}},
       "anonymous": {"policies": ["a"]}}
      """#
    let set = try PolicyLoader.load(
      [PolicyFile(name: "a.json", path: "a.json", bytes: Array(json.utf8))], now: LoaderVectors.now)
    let printed = PolicyPrinter.text(set)
    #expect(PolicyPrinter.text(try policySet(printed)) == printed)
    #expect(printed.contains(#"  peering_prefix "team-" { policy = "write" }"#))
  }

  @Test func `random sets print back to themselves`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let set = randomSet(&random)
      let printed = PolicyPrinter.text(set)
      let again = try policySet(printed)
      #expect(PolicyPrinter.text(again) == printed)
      for (one, other) in zip(set.policies, again.policies) {
        #expect(one.name == other.name)
        #expect(one.rules.map(\.key) == other.rules.map(\.key))
        #expect(one.rules.map(\.level) == other.rules.map(\.level))
      }
      #expect(set.policies.count == again.policies.count)
    }
  }

  private func randomSet(_ random: inout SeededGenerator) -> PolicySet {
    let place = Place(file: "p.hcl", line: 1, column: 1)
    func name(_ random: inout SeededGenerator) -> ByteString {
      ByteString("a" + random.name(0...4) + "b")
    }
    let policies = (0..<Int.random(in: 0...4, using: &random)).map { index in
      var rules: [RuleKey: Level] = [:]
      for _ in 0..<Int.random(in: 0...9, using: &random) {
        let partition: Pattern =
          switch Int.random(in: 0..<4, using: &random) {
          case 0...1: RuleKey.defaultPartition
          case 2: .exactly(name(&random))
          default: .beginning(Bool.random(using: &random) ? "" : name(&random))
          }
        let names: RuleKey.Names =
          switch Int.random(in: 0..<4, using: &random) {
          case 0: .every
          case 1: .pattern(.exactly(name(&random)))
          default: .pattern(.beginning(Bool.random(using: &random) ? "" : name(&random)))
          }
        rules[RuleKey(partition: partition, names: names)] = Level.allCases.randomElement(using: &random)
      }
      let policy = ByteString("p\(index)")
      return PolicyStanza(
        name: policy, place: place,
        rules: rules.map { Rule(key: $0.key, level: $0.value, policy: policy, place: place) })
    }
    return PolicySet(
      policies: policies, tokens: [], anonymous: nil, digest: PolicyFile.digest(of: []), warnings: [])
  }
}
