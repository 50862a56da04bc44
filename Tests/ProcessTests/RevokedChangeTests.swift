// A change that is still to be made when its token is revoked is not made.

import Foundation
import Support
import Testing

@Suite struct RevokedChangeTests {
  private static let token = "the-token-of-a-tenant"
  private static let body = "{\"PeerName\":\"cluster-01\"}"

  private static func policies(_ level: String) -> String {
    """
    policy "p" { peering = "\(level)" }
    token "tenant" {
      accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
      secret_sha256 = ["\(PlainSHA256.digest(of: token.utf8))"]
      policies      = ["p"]
    }
    """
  }

  private func reload(_ gate: GateProcess, _ policies: String) throws {
    try gate.folder.write("policies/test.hcl", policies)
    gate.signal(SIGHUP)
    #expect(eventually { gate.log.contains(" reloaded") }, "\(gate.log)")
  }

  @Test(arguments: ["read", "deny"])
  func `with its body under way`(level: String) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: upstream.address, policies: Self.policies("write"), workers: 1)
    let client = try gate.connect()
    let whole = request("POST", "/v1/peering/token", token: Self.token, body: Self.body)
    try client.send(String(whole.dropLast(4)))
    // One worker: what it has answered came later than that.
    #expect(try gate.request(get("/v1/peering/cluster-01", token: Self.token)).status == 200)
    try reload(gate, Self.policies(level))
    try client.send(String(whole.suffix(4)))
    #expect(try client.reply().status == 403)
    #expect(upstream.requests.filter { $0.method == "POST" }.isEmpty)
    let line = try #require(try gate.audit().last)
    #expect(line.status == "403" && line.operation == "generate")
  }

  @Test func `while it waits for its turn`() throws {
    let isFree = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { received in
      if received.body.contains("cluster-01") { isFree.wait() }
      return .json("{}")
    }
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.policies("write"),
      more: "limits { upstream_connections = 2 upstream_queue_timeout = \"60s\" }")
    let first = try gate.connect()
    try first.send(request("POST", "/v1/peering/token", token: Self.token, body: Self.body))
    #expect(eventually { upstream.requests.count == 1 })
    let second = try gate.connect()
    try second.send(request("DELETE", "/v1/peering/hub", token: Self.token))
    // Its intent is on record, and it waits.
    #expect(try eventually { try gate.audit().contains { $0.operation == "delete" } })
    try reload(gate, Self.policies("read"))
    isFree.signal()
    #expect(try first.reply().status == 200)
    #expect(try second.reply().status == 403)
    #expect(upstream.requests.count == 1)
    let lines = try gate.audit().filter { $0.operation == "delete" }
    #expect(lines.map(\.status) == [nil, "403"])
  }
}
