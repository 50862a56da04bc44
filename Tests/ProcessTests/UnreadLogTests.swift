// Nobody reads the operator's log: the gate goes on, and stops when it is told to.

import Foundation
import Support
import Testing

@Suite struct UnreadLogTests {
  @Test func `requests are answered and SIGTERM is heeded while standard error is stuck`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let (folder, pki, pipe, held) = (try ScratchFolder(), try TestPKI(), try StuckPipe(), try HeldPort())
    let port = held.port
    try folder.write(
      "policies.hcl", "policy \"all\" { peering = \"read\" }\nanonymous { policies = [\"all\"] }\n")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try FileManager.default.moveItem(
      atPath: folder.path + "/policies.hcl", toPath: folder.path + "/policies/test.hcl")
    let config = try folder.write(
      "peergate.hcl",
      """
      listener {
        address = "127.0.0.1:\(port)"
        tls { cert_file = "\(pki.serverCertificateFile)"  key_file = "\(pki.serverKeyFile)" }
      }
      upstream { address = "\(upstream.address)" }
      policies = "policies"
      audit { path = "audit.jsonl" }
      workers = 1
      """)
    held.release()
    let process = try GateProcess.start(["serve", "--config", config], log: pipe.path)
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    func connect() throws -> RawClient { try RawClient(port: port, context: pki.clientContext()) }
    #expect(eventually(within: 30) { (try? connect()) != nil })

    // Each reload has more to complain of than the pipe holds.
    let mistakes = (0..<90).map { "mistake_\($0) = \"\(String(repeating: "x", count: 100))\"\n" }.joined()
    try folder.write("policies/test.hcl", mistakes)
    for _ in 0..<5 {
      kill(process.processIdentifier, SIGHUP)
      usleep(100_000)
    }
    let refused = try AuditLog.events("gate-reload-refused", in: folder.path + "/audit.jsonl")
    #expect(try connect().request(get("/v1/peerings")).status == 200)
    #expect(!refused.isEmpty)
    kill(process.processIdentifier, SIGTERM)
    #expect(eventually(within: 30) { !process.isRunning })
    #expect(process.terminationStatus == 0)
  }
}
