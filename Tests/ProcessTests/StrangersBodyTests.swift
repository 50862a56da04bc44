// Bodies of strangers take nothing from the content that callers who are known need.

import Support
import Testing

@Suite struct StrangersBodyTests {
  private static let size = 1 << 20
  private static let body = [UInt8](repeating: UInt8(ascii: "x"), count: size)
  private static let limits =
    "limits { content_bytes = 8388608 reply_bytes = 8388608 request_timeout = \"600s\" }"

  /// Clients that have sent all of their body but its end; the gate may have hung up on some.
  private func crowd(_ count: Int, at gate: GateProcess, token: String? = nil) throws -> [RawClient] {
    try (0..<count).map { _ in
      let client = try gate.connect()
      try client.send(
        request("POST", "/v1/peering/token", token: token, fields: "Content-Length: \(Self.size)\r\n"))
      try? client.send(Array(Self.body.dropLast(1_000)))
      return client
    }
  }

  private func generate(at gate: GateProcess) throws -> Int {
    let large = "{\"PeerName\":\"hub\"}" + String(repeating: " ", count: 500_000)
    return try gate.request(request("POST", "/v1/peering/token", token: Token.administrator, body: large))
      .status
  }

  @Test(arguments: [nil, "unknown", Token.reader])
  func `unfinished bodies of who may write nothing are not held at all`(token: String?) throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address, more: Self.limits, auditMore: GateProcess.everyRefusal)
    let before = gate.residentKilobytes
    let clients = try crowd(140, at: gate, token: token)
    for client in clients { #expect(try client.reply().status == 403) }
    for _ in 0..<3 { #expect(try generate(at: gate) == 200) }
    // All of it would be 140 MiB, and what may be held is eight.
    #expect(gate.residentKilobytes - before < 30_000)
    #expect(try gate.audit().filter { $0.status == "503" }.isEmpty)
  }

  @Test func `anonymous callers who may write have a share of their own`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: upstream.address,
      policies: """
        policy "all" { peering = "write" }
        anonymous { policies = ["all"] }
        token "tenant" {
          accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
          secret_sha256 = ["\(PlainSHA256.digest(of: Token.administrator.utf8))"]
          policies      = ["all"]
        }
        """, more: Self.limits, auditMore: GateProcess.everyRefusal)
    let clients = try crowd(40, at: gate)
    // One fits into the eighth.
    #expect(try eventually(within: 60) { try gate.audit().filter { $0.status == "503" }.count == 39 })
    for _ in 0..<3 { #expect(try generate(at: gate) == 200) }
    for client in clients { client.leave(.byReset) }
    #expect(try eventually { try gate.audit().filter { $0.status == "499" }.count == 1 })
    #expect(
      try gate.request(request("POST", "/v1/peering/token", body: "{\"PeerName\":\"hub\"}")).status == 200)
  }
}
