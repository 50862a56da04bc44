// The policies at the top of the repository do what their comments say.
import Bytes
import Foundation
import HCL
import Peering
import Testing

@testable import Policy

struct SamplePolicies {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../policies").standardizedFileURL.path

  private let set: PolicySet

  init() throws { set = try PolicyFolder.load(Self.folder, now: LoaderVectors.now) }

  @Test func `they load, and the only warnings are about the tokens everybody knows`() {
    #expect(set.warnings.count == 3)
    #expect(set.warnings.allSatisfy { $0.message.hasSuffix("for development only") })
    #expect(set.developmentTokens.map(\.name) == ["docs-admin", "docs-cluster-02", "docs-reader"])
  }

  @Test func `the tokens of Consul's documentation may do what its examples do`() throws {
    let admin = "5cdcae6c-0cce-4210-86fe-5dff3b984a6e"
    let owner = "b23b3cad-5ea1-4413-919e-c76884b9ad60"
    let reader = "0137db51-5895-4c25-b6cd-d9ed992f4a52"
    let generate = #"{"PeerName":"cluster-02"}"#
    for (secret, line, body, isAllowed) in [
      (admin, "POST /v1/peering/token", generate, true), (admin, "DELETE /v1/peering/anything", "", true),
      (owner, "GET /v1/peering/cluster-02", "", true), (owner, "DELETE /v1/peering/cluster-02", "", true),
      (owner, "DELETE /v1/peering/cluster-01", "", false), (owner, "GET /v1/peering/cluster-01", "", true),
      (reader, "GET /v1/peerings", "", true), (reader, "GET /v1/peering/cluster-07", "", true),
      (reader, "GET /v1/peering/hidden", "", false), (reader, "POST /v1/peering/token", generate, false),
      (nil, "GET /v1/peerings", "", false),
    ] as [(String?, String, String, Bool)] {
      let verdict = Judge.judge(
        try request(line, secret: secret, body: body), connection: anywhere, policies: set,
        now: LoaderVectors.now)
      #expect(Outcome(consume verdict).isAllowed == isAllowed, "\(line)")
    }
  }
}
