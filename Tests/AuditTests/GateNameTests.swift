// What a gate may be called.

import Bytes
import Testing

@testable import Audit

@Suite struct GateNameTests {
  @Test(arguments: ["a", "edge-1.eu_A9", String(repeating: "a", count: AuditLimits.gateNameBytes)])
  func `letters, digits, dots, dashes and low lines`(name: String) {
    #expect(GateName(ByteString(name))?.text == name)
  }

  @Test(arguments: [
    "", " ", "a b", "ü", "a\n", "a/b", String(repeating: "a", count: AuditLimits.gateNameBytes + 1),
  ])
  func `nothing else`(name: String) { #expect(GateName(ByteString(name)) == nil) }

  @Test func `a host's name is made to fit`() {
    #expect(GateName(hostName: Array("web 1/x".utf8)).text == "web-1-x")
    #expect(GateName(hostName: []).text == "peergate")
    let long = [UInt8](repeating: UInt8(ascii: "h"), count: 200)
    #expect(GateName(hostName: long).text.utf8.count == AuditLimits.gateNameBytes)
  }
}
