// What peergate audit verify reads, and how it ends.

import Foundation
import Support
import Testing

@Suite struct AuditVerifyTests {
  private let folder: ScratchFolder
  private let key: String
  private var path: String { folder.path + "/audit.jsonl" }

  /// A log of one signed run.
  init() throws {
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
    key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
    let gate = try GateProcess(
      upstream: upstream.address, audit: "path = \"\(folder.path)/audit.jsonl\"\nkey_file = \"\(key)\"")
    for _ in 0..<5 { _ = try gate.request(get("/v1/peering/hub", token: Token.reader)) }
    #expect(gate.stop() == 0)
  }

  private func verify(_ arguments: String...) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "verify", "--public-key", key + ".pub"] + arguments)
  }

  /// A shell puts something on standard input.
  private func piped(_ command: String) throws -> (status: Int32, output: String) {
    let process = try GateProcess.start(
      ["audit", "verify", "--public-key", key + ".pub", "-"], log: folder.path + "/out",
      under: ["/bin/sh", "-c", command + " | \"$@\"", "sh"])
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: folder.path + "/out", encoding: .utf8))
  }

  @Test(arguments: [#"audit-\377.jsonl"#, #"audit-\nsound: 9 lines.jsonl"#])
  func `a file is opened whatever its name, and the name says nothing by itself`(_ name: String) throws {
    let process = try GateProcess.start(
      ["audit", "verify", "--public-key", key + ".pub"], log: folder.path + "/out",
      under: [
        "/bin/sh", "-c",
        "f=\"\(folder.path)/$(printf '\(name)')\"; sed 's/\"hub\"/\"hob\"/' \(path) > \"$f\"; \"$@\" \"$f\"",
        "sh",
      ])
    process.waitUntilExit()
    let output = try String(contentsOfFile: folder.path + "/out", encoding: .utf8)
    #expect(process.terminationStatus == 1, "\(output)")
    #expect(output.contains("edited: ") && !output.contains("\nsound: "))
  }

  @Test func `standard input and pipes are read like files`() throws {
    let read = try piped("cat \(path)")
    #expect(read.status == 0 && read.output.contains("sound: "), "\(read.output)")
    let edited = try piped("sed 's/\"hub\"/\"hob\"/' \(path)")
    #expect(edited.status == 1 && edited.output.contains("NOT SOUND"), "\(edited.output)")
  }

  @Test func `without a record there is nothing to check`() throws {
    for text in ["", "\n", "one line of garbage\n", String(repeating: "\n", count: 1 << 20)] {
      let result = try verify(try folder.write("empty.jsonl", text))
      #expect(result.status == 2 && result.output.contains("there is no record"), "\(result.output)")
    }
  }

  @Test func `compressed files are refused with a sentence`() throws {
    let name = folder.path + "/audit.jsonl.gz"
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).write(to: URL(fileURLWithPath: name))
    let result = try verify(name)
    #expect(
      result.status == 2 && result.output.contains("is compressed; unpack it first"), "\(result.output)")
  }

  @Test func `a file with two names, or named twice, counts once`() throws {
    try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/second.jsonl")
    let result = try verify(path, path, folder.path + "/second.jsonl")
    #expect(result.status == 0 && result.output.contains("in 1 file,"), "\(result.output)")
  }

  @Test func `the first number must be there if it is asked for`() throws {
    #expect(try verify("--complete", path).status == 0)
    #expect(try verify("--from", "3", path).status == 0)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let cut = try folder.write("cut.jsonl", lines.dropFirst(2).joined(separator: "\n") + "\n")
    #expect(try verify(cut).status == 0)
    #expect(try verify("--from", "3", cut).status == 0)
    let result = try verify("--complete", cut)
    #expect(result.status == 1 && result.output.contains("does not begin with number 1"), "\(result.output)")
  }

  @Test func `without a key it says whose key signed, and what was not checked`() throws {
    let made = try GateProcess.run(["audit", "verify", path])
    #expect(made.status == 0)
    #expect(made.output.contains("not checked: whose key it is, and whether signatures are missing"))
    #expect(made.output.firstMatch(of: /fingerprint [0-9a-f]{64}/) != nil, "\(made.output)")
  }

  @Test func `an anchor shows later that the end was cut off`() throws {
    let anchor = try GateProcess.run(["audit", "anchor", path])
    #expect(anchor.status == 0)
    let anchors = try folder.write("anchors", anchor.output)
    #expect(try verify("--anchors", anchors, path).status == 0)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let cut = try folder.write("cut.jsonl", lines.dropLast(3).joined(separator: "\n") + "\n")
    #expect(try verify(cut).status == 0, "the file alone cannot show it")
    let result = try verify("--anchors", anchors, cut)
    #expect(result.status == 1 && result.output.contains("its end was cut off"), "\(result.output)")
  }
}
