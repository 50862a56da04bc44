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
