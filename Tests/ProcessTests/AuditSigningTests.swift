// A log with a key: signed, and what somebody changes in it is named.

import Foundation
import Support
import Testing

@Suite struct AuditSigningTests {
  private let upstream: RecordingUpstream
  private let folder: ScratchFolder
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
  }

  private func verify(_ files: [String]) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "verify"] + files)
  }

  @Test func `with a key the log is signed, and what somebody changes is named`() throws {
    let key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
    let gate = try GateProcess(
      upstream: upstream.address, audit: "path = \"\(path)\"\nkey_file = \"\(key)\"")
    for _ in 0..<5 { _ = try gate.request(get("/v1/peering/hub", token: Token.reader)) }
    #expect(gate.stop() == 0)

    let sound = try verify(["--public-key", key + ".pub", path])
    #expect(sound.status == 0, "\(sound.output)")
    #expect(sound.output.contains("signed up to number"))

    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    let victim = try #require(lines.firstIndex { $0.contains("OperationComplete") })
    lines[victim] = lines[victim].replacing("\"hub\"", with: "\"hob\"")
    try folder.write("edited.jsonl", lines.joined(separator: "\n") + "\n")
    let edited = try verify(["--public-key", key + ".pub", folder.path + "/edited.jsonl"])
    #expect(edited.status == 1)
    #expect(edited.output.contains("edited.jsonl:\(victim + 1): edited"), "\(edited.output)")

    let head = try #require(sound.output.firstMatch(of: /head: ([0-9a-f]{64})/)).1
    try folder.write("cut.jsonl", lines.dropLast().joined(separator: "\n") + "\n")
    let cut = try verify(["--expect-head", String(head), folder.path + "/cut.jsonl"])
    #expect(cut.status == 1 && cut.output.contains("ends too early"), "\(cut.output)")
  }
}
