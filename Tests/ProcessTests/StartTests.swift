// What keeps a gate from starting although its files are in order.

import Foundation
import Support
import Testing

@Suite struct StartTests {
  /// `GateProcess` throws what a gate that did not start has printed.
  private func failure(_ start: () throws -> GateProcess) throws -> String {
    do {
      _ = try start()
      Issue.record("the gate has started")
      return ""
    } catch let failure as GateFailedToStart {
      return failure.description
    }
  }

  @Test func `a port that is taken`() throws {
    let holder = try BlockingSocket.listen()
    let output = try failure {
      try GateProcess(upstream: "http://127.0.0.1:1", address: "127.0.0.1:\(holder.port)")
    }
    #expect(output.contains("error: cannot listen on 127.0.0.1:\(holder.port): the address is in use"))
  }

  @Test func `a second gate does not share the port of the first in silence`() throws {
    let first = try GateProcess(upstream: "http://127.0.0.1:1")
    let output = try failure {
      try GateProcess(upstream: "http://127.0.0.1:1", address: "127.0.0.1:\(first.port)")
    }
    #expect(output.contains("in use"))
  }

  @Test func `an address that is not of this machine`() throws {
    let output = try failure { try GateProcess(upstream: "http://127.0.0.1:1", address: "192.0.2.1:0") }
    #expect(output.contains("error: cannot listen on 192.0.2.1:0"))
  }

  @Test func `an audit log that cannot be`() throws {
    let folder = try ScratchFolder()
    let other = try folder.write("notes.txt", "no audit log\n")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: other)
    let cases = [
      (folder.path, "directory"), (folder.path + "/missing/audit.jsonl", "does not exist"),
      (other, "not an audit log"), (folder.path + "/link", "symbolic link"),
    ]
    for (path, words) in cases {
      let output = try failure { try GateProcess(upstream: "http://127.0.0.1:1", auditPath: path) }
      #expect(output.contains(words), "\(output)")
      #expect(output.contains(path), "\(output)")
    }
  }

  /// It waits for what it is about.
  @Test func `a signal that comes while the gate loads does not end it`() throws {
    let folder = try ScratchFolder()
    let pki = try TestPKI()
    // Some seconds' worth.
    let policies = (0..<20_000).map { "policy \"p\($0)\" { peering \"a\($0)\" { policy = \"read\" } }\n" }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/policies", withIntermediateDirectories: false)
    try folder.write("policies/a.hcl", policies.joined())
    let config = try folder.write(
      "gate.hcl",
      """
      listener { address = "127.0.0.1:0"
        tls { cert_file = "\(pki.serverCertificateFile)"  key_file = "\(pki.serverKeyFile)" } }
      upstream { address = "http://127.0.0.1:1" }
      policies = "policies"
      audit { path = "audit.jsonl" }
      workers = 1
      """)
    let log = folder.path + "/log"
    let text = { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
    let process = try GateProcess.start(["serve", "--config", config], log: log)
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let pid = process.processIdentifier
    let isReady = {
      let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
      let mask = status.firstMatch(of: /SigBlk:\s*([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) } ?? 0
      return mask >> UInt64(SIGHUP - 1) & mask >> UInt64(SIGUSR1 - 1) & 1 == 1
    }
    #expect(eventually(within: 30, isReady))
    #expect(!text().contains(" serving"))
    for signal in [SIGHUP, SIGUSR1] { kill(pid, signal) }
    #expect(eventually(within: 60) { text().contains("peergate: reloaded") }, "\(text().suffix(500))")
    #expect(process.isRunning)
  }

  @Test func `two gates do not write one audit log`() throws {
    let folder = try ScratchFolder()
    let first = try GateProcess(upstream: "http://127.0.0.1:1", auditPath: folder.path + "/audit.jsonl")
    let output = try failure {
      try GateProcess(upstream: "http://127.0.0.1:1", auditPath: folder.path + "/audit.jsonl")
    }
    #expect(output.contains("another process writes the audit file"))
    #expect(first.isRunning)
  }

  @Test func `known tokens are warned of, and serve nonetheless`() throws {
    let gate = try GateProcess(upstream: "http://127.0.0.1:1")
    #expect(gate.log.contains("warning"))
    #expect(gate.log.contains("docs-admin"))
    let own = try GateProcess(
      upstream: "http://127.0.0.1:1",
      policies: "policy \"a\" { peering = \"read\" }\nanonymous { policies = [\"a\"] }\n")
    #expect(!own.log.contains("warning"), "\(own.log)")
  }
}
