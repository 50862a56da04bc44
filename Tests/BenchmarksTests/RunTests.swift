// The benchmark itself, run for an instant: every answer of the gate is the one that the workload wants.

import Bytes
import Foundation
import JSON
import Support
import Testing

@testable import benchmarks

/// Whatever is measured in so short a time says nothing, and is not looked at.
@Suite(.serialized) struct RunTests {
  private static let program = GateProcess.binary.deletingLastPathComponent().appending(path: "benchmarks")

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let scratch = try ScratchFolder()
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TMPDIR": scratch.path]
    for name in ["out", "err"] { try scratch.write(name, "") }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: scratch.path + "/out"))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: scratch.path + "/err"))
    try process.run()
    process.waitUntilExit()
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter {
      $0.hasPrefix("peergate-")
    }
    #expect(left.isEmpty, "nothing is left behind")
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: scratch.path + "/" + name, encoding: .utf8)
    }
    return (process.terminationStatus, try text("out"), try text("err"))
  }

  @Test(
    .enabled(if: Cores.count > 1),
    arguments: [
      "get", "denied", "generate", "list-10", "list-1000", "handshake-ecdsa", "handshake-rsa", "resumed",
    ])
  func `the gate gives the answers of a workload`(_ workload: String) throws {
    let scratch = try ScratchFolder()
    let file = scratch.path + "/figures.json"
    let result = try run([
      "compare", "--alone", "--workload", workload, "--repeat", "1", "--seconds", "0.1", "--connections", "4",
      "--json", file,
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("peergate"))
    let figures = try Document.parse(Array(Data(contentsOf: URL(filePath: file))).span)
    #expect((figures["runs"]?.array?.first?["figures"]?["requests"]?.integer ?? 0) > 0)
  }

  @Test func `what is not there is named`() throws {
    let unknown = try run(["compare", "--workload", "nonsense"])
    #expect(unknown.status != 0 && unknown.errors.contains("there is no workload nonsense"))
    let missing = try run(["compare", "--alone", "--program", "peergate=/nowhere"])
    #expect(missing.status != 0 && missing.errors.contains("/nowhere is not a program"))
  }
}
