// peergate suggest and peergate unused, of a log that a real gate wrote.

import Foundation
import Support
import Testing

@Suite struct LeastPrivilegeTests {
  private static let samples = GateProcess.repository.appending(path: "policies").path

  private let gate: GateProcess
  private let upstream: RecordingUpstream

  init() throws {
    upstream = try RecordingUpstream { received in
      .json(received.target.hasSuffix("peerings") ? list(["hub", "cluster-02"]) : "{\"Name\":\"hub\"}")
    }
    gate = try GateProcess(upstream: upstream.address)
    for name in ["cluster-01", "cluster-02", "cluster-03", "hub"] {
      _ = try gate.request(get("/v1/peering/\(name)", token: Token.reader))
    }
    _ = try gate.request(get("/v1/peerings", token: Token.reader))
    _ = try gate.request(get("/v1/peering/hub", token: "nobody"))
    _ = try gate.request(request("DELETE", "/v1/peering/cluster-02", token: Token.owner))
    gate.stop()
  }

  @Test func `what is suggested is valid, changes no decision of the record, and has its evidence`() throws {
    let result = try GateProcess.run(["suggest", "--policies", Self.samples, gate.auditPath])
    #expect(result.status == 0)
    for words in [
      "policy \"docs-reader\" {\n  # 3 reads of 3 names, 20",
      "  peering_prefix \"cluster-\" { policy = \"read\" }\n",
      "  peering \"cluster-02\" { policy = \"write\" }\n", "token \"docs-reader\" {",
      "# token \"docs-admin\" (",
      "6 decisions, 2 rules; left out: ", "1 with unknown tokens",
    ] { #expect(result.output.contains(words), "\(words) in \(result.output)") }
    let scratch = try ScratchFolder()
    let end = try #require(result.output.range(of: "6 decisions, 2 rules")).lowerBound
    let file = try scratch.write("suggested.hcl", String(result.output[..<end]))
    let check = try GateProcess.run(["check", file])
    // Warnings alone: everybody knows the secrets of these tokens.
    #expect(check.status == 2 && check.output.contains("valid; 2 policies, 2 rules"), "\(check.output)")
    let replay = try GateProcess.run(["replay", "--policies", file, gate.auditPath])
    #expect(replay.status == 0, "\(replay.output)")
    let without = try GateProcess.run(["suggest", gate.auditPath])
    #expect(without.output.contains("# token \"docs-cluster-02\" (") && !without.output.contains("\ntoken "))
  }

  @Test func `what the record did not need is listed with its last use`() throws {
    let result = try GateProcess.run(["unused", "--policies", Self.samples, gate.auditPath])
    #expect(result.status == 2)
    for words in [
      "rules without use:\n", "tokens without use:\n  docs-admin (", "  never\n", " decisions; without use: ",
    ] {
      #expect(result.output.contains(words), "\(words) in \(result.output)")
    }
    let later = try GateProcess.run(
      ["unused", "--policies", Self.samples, "--since", "2100-01-01", gate.auditPath])
    #expect(
      later.output.contains("docs-reader (a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a03)  last 20"), "\(later.output)")
    #expect(try GateProcess.run(["unused", "--policies", Self.samples, "/nowhere"]).status == 1)
  }
}
