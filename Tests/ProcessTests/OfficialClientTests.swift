// What the consul command line sends, byte for byte as recorded, through two gates to two datacenters.

import Digests
import Foundation
import Support
import Testing

@Suite struct OfficialClientTests {
  /// Where the gate answers otherwise than the Consul that was recorded, and why.
  private static let deviations: [String: (status: Int, why: String)] = [
    "cli-004-generate-invalid-name": (400, "the caller's fault is not a 500"),
    "cli-010-partition-env": (200, "the namespace is dropped, and the partition default is the one there is"),
    "cli-020-read-slash-name": (400, "no peer has such a name"),
    "cli-021-read-space-name": (400, "no peer has such a name"),
    "cli-022-read-dotdot-name": (400, "nothing is redirected to another path"),
    "cli-028-addr-with-path": (403, "another endpoint"),
    "cli-032-members-leader": (403, "another endpoint"),
  ]

  /// The recorded tokens, under the rights they had.
  private static let policies = """
    policy "write" { peering = "write" }
    policy "read"  { peering = "read" }
    token "operator" {
      accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6b01"
      secret_sha256 = ["\(digest("aaaaaaaa-0000-4000-8000-000000000002"))"]
      policies      = ["write"]
    }
    token "viewer" {
      accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6b02"
      secret_sha256 = ["\(digest("aaaaaaaa-0000-4000-8000-000000000001"))"]
      policies      = ["read"]
    }
    token "management" {
      accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6b03"
      secret_sha256 = ["\(digest("00000001-1111-4111-8111-000000000001"))"]
      policies      = ["write"]
    }
    """

  private static func digest(_ secret: String) -> String {
    SHA256.digest(of: Array(secret.utf8).span).hexadecimal
  }

  @Test func `every recorded request of the command line is accepted as it is`() throws {
    let policies = try ScratchFolder()
    try policies.write("recorded.hcl", Self.policies)
    let gates = try DevelopmentProcess(policies: policies.path)
    let recordings = try RecordedExchange.all("cli")
    #expect(recordings.count >= 30)
    var token = ""
    for recording in recordings {
      // The recorded token belongs to datacenters that are gone; the one made two commands before takes its place.
      let request = recording.text(replacingPeeringToken: token)
      let reply = try gates.request(request, datacenter: recording.isOfSecondDatacenter ? 2 : 1)
      let expected = Self.deviations[recording.name]?.status ?? recording.status
      #expect(reply.status == expected, "\(recording.name): \(reply.body)")
      if let made = reply.body.firstMatch(of: /"PeeringToken":"([^"]+)"/) { token = String(made.1) }
      if reply.status == 200, recording.method == "GET" { expectMetadata(reply, recording.name) }
    }
    let lines = try gates.audit("dc1") + gates.audit("dc2")
    #expect(lines.count { $0.stage == "OperationComplete" } == recordings.count)
  }

  /// The client library reads the other fields only if these are numbers.
  private func expectMetadata(_ reply: RawReply, _ name: String) {
    #expect(reply["x-consul-index"].flatMap { UInt64($0) } != nil, "\(name)")
    #expect(reply["x-consul-lastcontact"].flatMap { UInt64($0) } != nil, "\(name)")
    #expect(reply["x-consul-knownleader"] == "true", "\(name)")
    #expect(reply["content-type"] == "application/json", "\(name)")
    #expect(reply["content-encoding"] == nil, "\(name): gzip was offered and not asked for upstream")
  }
}
