// What shadow policies would have decided.
import Bytes
import Digests
import Peering
import Testing

@testable import Policy

struct ShadowTests {
  @Test func `a difference says in which direction, and the rule of the shadow policies`() throws {
    let policies = try policySet(
      """
      policy "a" {
        peering "hub" { policy = "read" }
      }
      anonymous { policies = ["a"] }
      """)
    func shadow(_ line: String, isAllowed: Bool) throws -> Shadow {
      return Shadow(
        of: try request(line), connection: anywhere, policies: policies, now: LoaderVectors.now,
        isAllowed: isAllowed)
    }
    #expect(try shadow("GET /v1/peering/hub", isAllowed: true).difference == .none)
    #expect(try shadow("GET /v1/peering/hub", isAllowed: false).difference == .wouldAllow)
    #expect(try shadow("DELETE /v1/peering/hub", isAllowed: true).difference == .wouldDeny)
    #expect(try shadow("DELETE /v1/peering/hub", isAllowed: false).difference == .none)
    #expect(
      try shadow("DELETE /v1/peering/hub", isAllowed: true).citation
        == #"p.hcl:2 peering "hub" { policy = "read" }"#)
    #expect(try shadow("GET /v1/peering/x", isAllowed: true).citation == "no rule matches")
    #expect(try shadow("GET /v1/peerings", isAllowed: true).difference == .none)
  }
}
