// What the commands that read a log make of the files that they are given: twice, in part, damaged.

import Foundation
import Support
import Testing

@Suite struct AuditInputTests {
  private static let samples = GateProcess.repository.appending(path: "policies").path

  private let gate: GateProcess
  private let upstream: RecordingUpstream
  private let scratch: ScratchFolder
  /// The log by five names.
  private let names: [String]

  init() throws {
    scratch = try ScratchFolder()
    upstream = try RecordingUpstream { .json($0.method == "GET" ? "{\"Name\":\"hub\"}" : "{}") }
    gate = try GateProcess(upstream: upstream.address)
    for text in [
      get("/v1/peering/hub", token: Token.administrator), get("/v1/peering/hub", token: Token.reader),
      request("DELETE", "/v1/peering/cluster-02", token: Token.owner),
    ] { _ = try gate.request(text) }
    gate.stop()
    let folder = URL(fileURLWithPath: gate.auditPath).deletingLastPathComponent().path
    let (symbolic, hard) = (scratch.path + "/symbolic", folder + "/hard")
    try FileManager.default.createSymbolicLink(atPath: symbolic, withDestinationPath: gate.auditPath)
    try FileManager.default.linkItem(atPath: gate.auditPath, toPath: hard)
    let last = URL(fileURLWithPath: gate.auditPath).lastPathComponent
    names = [gate.auditPath, gate.auditPath, folder + "/./" + last, symbolic, hard]
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try GateProcess.run(arguments)
  }

  @Test(arguments: [
    ["audit", "query"], ["audit", "query", "--csv"], ["audit", "report", "--json"], ["suggest"],
    ["unused", "--policies", Self.samples], ["replay", "--policies", Self.samples],
  ])
  func `a file that is given by several names is read once`(command: [String]) throws {
    let (once, often) = (try run(command + [gate.auditPath]), try run(command + names))
    #expect(once.status == often.status)
    // The report says when it was made.
    let made = /"made":"[^"]*"/
    #expect(once.output.replacing(made, with: "") == often.output.replacing(made, with: ""))
  }

  @Test func `a report has the notes of the verification in each of its forms`() throws {
    // A start that follows no close: what a kill leaves, or a hand that cut the end off.
    let path = scratch.path + "/killed.jsonl"
    let lines = try String(contentsOfFile: gate.auditPath, encoding: .utf8).split(separator: "\n")
    let cut = lines.dropLast().joined(separator: "\n") + "\n"
    try Data(cut.utf8).write(to: URL(fileURLWithPath: path))
    let next = try GateProcess(upstream: upstream.address, auditPath: path)
    next.stop()
    let note = "note: starts that follow no close, at numbers \(lines.count)"
    #expect(try run(["audit", "verify", path]).output.contains(note))
    let page = scratch.path + "/page.html"
    #expect(try run(["audit", "report", "--html", page, path]).status == 0)
    for text in [
      try run(["audit", "report", path]).output, try run(["audit", "report", "--json", path]).output,
      try String(contentsOfFile: page, encoding: .utf8),
    ] { #expect(text.contains(note), "\(text)") }
  }

  @Test(arguments: [["suggest"], ["unused"], ["replay"]])
  func `lines that cannot be read are counted, and the status tells of them`(command: [String]) throws {
    let text = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    let file = try scratch.write("damaged", "garbage\n" + text + "{\"a\":1}\n")
    let rules = try run(["suggest", "--policies", Self.samples, gate.auditPath]).output
      .split(separator: "\n").filter { !$0.contains(" decisions, ") }.joined(separator: "\n")
    // By these policies nothing would change and all is used.
    let policies = try scratch.write("suggested.hcl", rules + "\n")
    let options = command == ["suggest"] ? [] : ["--policies", policies]
    let result = try run(command + options + [file])
    #expect(result.status == 2)
    for words in ["2 lines cannot be read, and what they tell is missing", "1 not JSON, 1 no audit records"] {
      #expect(result.output.contains(words), "\(result.output)")
    }
    if command != ["unused"] { #expect(try run(command + options + [gate.auditPath]).status == 0) }
  }

  @Test func `an id that the gate gave is not mixed with the same from a client`() throws {
    let gate = try GateProcess(upstream: upstream.address)
    _ = try gate.request(request("DELETE", "/v1/peering/cluster-02", token: Token.owner))
    let own = try #require(try gate.audit().first).id
    _ = try gate.request(
      get("/v1/peering/hub", token: Token.reader, fields: "X-Request-Id: \(own)\r\n"))
    gate.stop()
    let query = { (arguments: [String]) in
      try run(["audit", "query"] + arguments + ["--columns", "subject,id,request_id", gate.auditPath])
    }
    let found = try query(["--id", own])
    #expect(found.status == 0 && !found.output.contains("docs-reader\t"), "\(found.output)")
    #expect(found.output.contains("docs-cluster-02\t\(own)\t-\n"))
    #expect(found.output.contains("1 line has that id from the client, and not as the gate's own: --request"))
    let sent = try query(["--request-id", own])
    #expect(sent.status == 0 && sent.output.split(separator: "\n").count == 1, "\(sent.output)")
    #expect(sent.output.hasPrefix("docs-reader\t") && sent.output.contains("\t\(own)\n"))
  }

  @Test func `tail shows every line of a log that rotates faster than it looks`() throws {
    let audit = "sink \"f\" { type = \"file\"\n path = \"\(scratch.path)/fast.jsonl\"\n rotate_bytes = 8192 }"
    let gate = try GateProcess(
      upstream: upstream.address, auditPath: scratch.path + "/fast.jsonl", audit: audit)
    _ = try gate.request(get("/v1/peering/first", token: Token.administrator))
    let tail = try GateProcess.start(
      ["audit", "tail", scratch.path + "/fast.jsonl"], log: scratch.path + "/out")
    defer {
      tail.terminate()
      tail.waitUntilExit()
    }
    let shown = { try String(contentsOfFile: scratch.path + "/out", encoding: .utf8) }
    #expect(try eventually(within: 20) { try shown().contains(" first ") })
    // So that it sleeps while the log is rotated many times.
    kill(tail.processIdentifier, SIGSTOP)
    let client = try gate.connect()
    for number in 0..<100 {
      _ = try client.request(get("/v1/peering/a-\(number)", token: Token.administrator))
    }
    kill(tail.processIdentifier, SIGCONT)
    #expect(try eventually(within: 20) { try shown().contains(" a-99 ") })
    let text = try shown()
    #expect((0..<100).allSatisfy { text.contains(" a-\($0) ") } && !text.contains("are not shown"))
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(files.count { $0.hasPrefix("fast-") } > 2, "\(files)")
  }
}
