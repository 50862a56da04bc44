// So many connections of one address, and of all addresses together.

import Foundation
import Support
import Testing

@Suite struct AddressLimitTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  @Test func `one address gets as many connections as it may, and a free one at once`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { per_address { connections = 3 } }")
    let held = try (0..<3).map { _ in try gate.connect() }
    for client in held { #expect(try client.request(Self.read).status == 200) }
    #expect(throws: (any Error).self) { try gate.request(Self.read) }
    for client in held { #expect(try client.request(Self.read).status == 200) }
    #expect(gate.hasLogged("connections are refused"))
    held[0].leave(.politely)
    #expect(eventually { (try? gate.request(Self.read).status) == 200 })
    #expect(gate.stop() == 0)
    let record = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(record.contains("the address has 3 connections already"))
  }

  @Test func `an exempt network is not counted`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { per_address { connections = 1 exempt = [\"127.0.0.0/8\"] } }")
    let held = try (0..<5).map { _ in try gate.connect() }
    for client in held { #expect(try client.request(Self.read).status == 200) }
  }

  /// The kernel spreads connections over the workers as it likes: with a limit for each, some clients would hang.
  @Test func `the limit of all connections holds over all workers, wherever the kernel puts them`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { connections = 8 per_address { exempt = [\"127.0.0.0/8\"] } }", workers: 2)
    for _ in 0..<4 {
      let held = try (0..<8).map { _ in try gate.connect() }
      for client in held { #expect(try client.request(Self.read).status == 200) }
      for client in held { client.leave(.politely) }
    }
  }

  @Test func `one address gets half of few, and another one the rest`() throws {
    let upstream = try RecordingUpstream { _ in .json("1") }
    let gate = try GateProcess(upstream: upstream.address, more: "limits { connections = 6 }")
    let held = try (0..<3).map { _ in try gate.connect() }
    for client in held { #expect(try client.request(Self.read).status == 200) }
    #expect(throws: (any Error).self) { try gate.request(Self.read) }
    let context = try gate.pki.clientContext()
    let other = try RawClient(port: gate.port, context: context, from: 2)
    #expect(try other.request(Self.read).status == 200)
  }

  @Test func `a limit that cannot hold is a warning when it is checked, and at the start`() throws {
    let limits = "limits { connections = 8 per_address { connections = 8 } }"
    let gate = try GateProcess(upstream: "http://127.0.0.1:9", more: limits)
    let sentence = "8 connections of one address are no limit: 8 are served at once"
    #expect(gate.log.contains(sentence))
    let config = gate.folder.path + "/peergate.hcl"
    let check = try GateProcess.run(["serve", "--config", config, "--check"])
    #expect(check.status == 0 && check.output.contains(sentence), "\(check.output)")
    // And when it is the descriptors that are too few.
    let poor = try GateProcess(
      upstream: "http://127.0.0.1:9", more: "limits { per_address { connections = 200 } }", openFiles: 200)
    #expect(poor.log.contains("200 connections of one address are no limit: "))
    let usual = try GateProcess(
      upstream: "http://127.0.0.1:9", more: "limits { connections = 8 }", openFiles: 200)
    #expect(!usual.log.contains("are no limit"))
  }

  @Test(arguments: [
    ("exempt = [\"10.0.0.1/8\"]", "perhaps 10.0.0.0/8 is meant"), ("exempt = [\"balancer\"]", "such as"),
    ("connections = 0", "connections"),
  ])
  func `a wrong setting is refused with its place`(setting: String, sentence: String) throws {
    let error = #expect(throws: GateFailedToStart.self) {
      try GateProcess(upstream: "http://127.0.0.1:9", more: "limits { per_address { \(setting) } }")
    }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }
}
