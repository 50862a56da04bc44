// The log says which gate wrote it: once for each run and file, or in every line.

import Foundation
import Support
import Testing

@Suite struct GateNameTests {
  private let upstream: RecordingUpstream

  init() throws { upstream = try RecordingUpstream { _ in .json("[]") } }

  private func payloads(_ gate: GateProcess) throws -> [(kind: String, payload: [String: Any])] {
    try String(contentsOfFile: gate.auditPath, encoding: .utf8).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (object?["event_type"] as? String ?? "", object?["payload"] as? [String: Any] ?? [:])
    }
  }

  @Test func `by default the host's name, where a run begins`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    gate.stop()
    let host = ProcessInfo.processInfo.hostName
    for (kind, payload) in try payloads(gate) {
      let name = payload["gate"] as? String
      if ["audit-open", "gate-start"].contains(kind) { #expect(name == host) } else { #expect(name == nil) }
    }
  }

  @Test func `by setting in every line of the gate's, and the search knows it`() throws {
    let gate = try GateProcess(
      upstream: upstream.address, more: "name = \"edge-1.eu\"", auditMore: "gate_in_every_line = true")
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    #expect(try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator)).status == 200)
    gate.stop()
    let lines = try payloads(gate)
    let named = lines.filter { $0.kind == "audit" || $0.kind.hasPrefix("gate-") || $0.kind == "audit-open" }
    #expect(named.count >= 6 && named.allSatisfy { $0.payload["gate"] as? String == "edge-1.eu" })
    let found = try GateProcess.run(["audit", "query", "--gate", "edge-1.eu", "--json", gate.auditPath])
    #expect(found.status == 0 && found.output.split(separator: "\n").count == lines.count)
    #expect(try GateProcess.run(["audit", "verify", gate.auditPath]).status == 0)
  }

  @Test(arguments: ["", "a b", "é", String(repeating: "a", count: 65)])
  func `what cannot be searched for is refused`(name: String) throws {
    let pki = try TestPKI()
    let error = #expect(throws: GateFailedToStart.self) {
      try GateProcess(upstream: upstream.address, more: "name = \"\(name)\"", pki: pki)
    }
    #expect(error?.description.contains("name must have 1 to 64 of") == true)
  }
}
