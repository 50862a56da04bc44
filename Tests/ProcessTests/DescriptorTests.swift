// Too few descriptors: clients wait, and nothing else does.

import Foundation
import Support
import Testing

@Suite struct DescriptorTests {
  private static let read = get("/v1/peering/hub")

  @Test func `clients that use up the descriptors keep nobody from Consul, from policies or from the record`()
    throws
  {
    let upstream = try RecordingUpstream { _ in .json("1", fields: "Connection: close\r\n") }
    let open = "policy \"p\" { peering = \"read\" }\nanonymous { policies = [\"p\"] }\n"
    let gate = try GateProcess(
      upstream: upstream.address, policies: open,
      more: "limits { per_address { exempt = [\"127.0.0.0/8\"] } }", openFiles: 48)
    #expect(gate.log.contains("the process may open 48 files"))
    let client = try gate.connect()
    #expect(try client.request(Self.read).status == 200)
    let crowd = try (0..<100).map { _ in try BlockingSocket.connect(port: gate.port) }
    // Each reply closes its connection to Consul, so each request needs a new one.
    for _ in 0..<5 { #expect(try client.request(Self.read).status == 200) }
    try gate.folder.write(
      "policies/test.hcl", "policy \"p\" { peering = \"deny\" }\nanonymous { policies = [\"p\"] }\n")
    kill(gate.process.processIdentifier, SIGHUP)
    #expect(eventually { (try? client.request(Self.read).status) == 403 })
    for socket in crowd { socket.reset() }
    #expect(eventually { (try? gate.request(Self.read).status) == 403 })
    #expect(!gate.log.contains("cannot accept"))
    #expect(gate.stop() == 0)
  }
}
