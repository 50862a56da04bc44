// Which files the record of a reload names, and what it says of each.

import Digests
import Peering
import Policy
import Sockets
import Support
import TLS
import Testing

@testable import Audit
@testable import Consul
@testable import Gate

struct LoadedFilesTests {
  private let fixture: GateFixture
  private let policies: PoliciesInForce

  init() throws {
    fixture = try GateFixture(upstream: 1)
    policies = try GateFixture.set("policy \"p\" { peering = \"read\" }\nanonymous { policies = [\"p\"] }\n")
  }

  private func files(_ files: [LoadedFile], token: String? = nil) -> LoadedFiles {
    var settings = fixture.settings
    settings.files = files
    settings.upstream = UpstreamSettings(
      endpoint: settings.upstream.endpoint, secret: token.flatMap { Credential($0) })
    return LoadedFiles(settings, policies)
  }

  private func digest(_ text: String) -> SHA256Digest { SHA256.digest(of: text) }

  /// `file kind before after`, with a hyphen for what is not there.
  private func told(_ facts: [GateEvent.Member]) -> [String] {
    for fact in facts {
      guard case .objects(let objects) = fact.fact else { continue }
      return objects.map { object in
        ["file", "kind", "before", "after"].map { name in
          for member in object where "\(member.name)" == name {
            switch member.fact {
            case .text(let text): return text
            case .client(let bytes): return String(decoding: bytes, as: UTF8.self)
            default: break
            }
          }
          return "-"
        }.joined(separator: " ")
      }
    }
    return []
  }

  @Test func `files that changed, came and went, and no others`() {
    let old = files([
      LoadedFile(.configuration, "a.hcl", digest: digest("1")),
      LoadedFile(.policy, "same.hcl", digest: digest("s")),
      LoadedFile(.policy, "gone.hcl", digest: digest("g")),
    ])
    let new = files([
      LoadedFile(.configuration, "a.hcl", digest: digest("2")),
      LoadedFile(.policy, "same.hcl", digest: digest("s")),
      LoadedFile(.policy, "new.hcl", digest: digest("n")),
      // Another role of a file that is there is another entry.
      LoadedFile(.shadowPolicy, "same.hcl", digest: digest("s")),
    ])
    let digests = ["1", "2", "n", "s", "g"].map { digest($0).hexadecimal }
    #expect(
      told(new.changes(since: old)) == [
        "a.hcl configuration \(digests[0]) \(digests[1])", "new.hcl policy - \(digests[2])",
        "same.hcl shadow-policy - \(digests[3])", "gone.hcl policy \(digests[4]) -",
      ])
    #expect(new.changes(since: new).isEmpty)
  }

  @Test func `a token that changed is named, without a digest`() {
    let old = files([LoadedFile(.token, "token")], token: "one")
    #expect(
      told(files([LoadedFile(.token, "token")], token: "two").changes(since: old)) == ["token token - -"])
    #expect(files([LoadedFile(.token, "token")], token: "one").changes(since: old).isEmpty)
  }

  @Test(arguments: [
    GateLimits.filesPerReload - 1, GateLimits.filesPerReload, GateLimits.filesPerReload + 1,
  ])
  func `so many are named, and the others counted`(_ count: Int) {
    let new = files((0..<count).map { LoadedFile(.policy, "\($0).hcl", digest: digest("\($0)")) })
    let facts = new.changes(since: files([]))
    #expect(told(facts).count == min(count, GateLimits.filesPerReload))
    let more = facts.contains { fact in
      if case .number(1) = fact.fact { "\(fact.name)" == "more_files" } else { false }
    }
    #expect(more == (count > GateLimits.filesPerReload) && facts.count == (more ? 2 : 1))
  }
}
