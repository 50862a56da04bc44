// Damaged policy files: reported or accepted, never a crash, and what is accepted prints back.
import Bytes
import HCL
import Testing

@testable import Policy

struct LoaderMutations {
  private static let seeds = [
    """
    policy "a" {
      peering = "read"
      peering_prefix "team-" { policy = "write" }
      peering "hub" { policy = "deny" }
      partition "eu" { peering = "read" }
      partition_prefix "eu-" { peering_prefix "" { policy = "read" } }
    }
    token "t" {
      accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
      secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
      policies      = ["a"]
      not_after     = "2027-06-30T00:00:00Z"
      sources       = ["10.0.0.0/8", "2001:db8::/32"]
      client_certificate { san_uri = ["spiffe://example.org/ns/*"] }
    }
    anonymous { policies = ["a"] }
    """,
    #"""
    {"policy": {"a": {"peering": "read", "partition": {"eu": {"peering": {"hub": {"policy": "write"}}}}}},
     "anonymous": {"policies": ["a"]}}
    """#,
  ]

  @Test func `a damaged file is reported or means what it prints`() throws {
    var random = SeededGenerator(seed: 5)
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("{}[]\"=,.-0a\n".utf8).randomElement(using: &random) ?? 0, at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        default:
          let end = min(bytes.count, place + Int.random(in: 1...60, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      let file = PolicyFile(name: "p.hcl", path: "p.hcl", bytes: bytes)
      do throws(PolicyErrors) {
        let set = try PolicyLoader.load([file], now: LoaderVectors.now)
        accepted += 1
        let printed = PolicyPrinter.text(set)
        let again = try PolicyLoader.load(
          [PolicyFile(name: "p.hcl", path: "p.hcl", bytes: Array(printed.utf8))], now: LoaderVectors.now)
        #expect(PolicyPrinter.text(again) == printed)
      } catch {
        #expect(
          error.diagnostics.contains { $0.severity == .error }, "\(String(decoding: bytes, as: UTF8.self))")
        for diagnostic in error.diagnostics { #expect(!diagnostic.rendered.isEmpty) }
      }
    }
    #expect(accepted > 20)
  }
}
