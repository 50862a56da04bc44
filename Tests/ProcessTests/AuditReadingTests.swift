// audit tail and audit query, as somebody uses them who has a log and a question.

import Foundation
import Support
import Testing

@Suite struct AuditReadingTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { .json($0.method == "GET" ? "{\"Name\":\"hub\"}" : "{}") }
    gate = try GateProcess(upstream: upstream.address)
    for text in [
      get("/v1/peering/hub", token: Token.administrator), get("/v1/peering/hub", token: Token.reader),
      request("DELETE", "/v1/peering/cluster-02", token: Token.owner), get("/v1/kv/a", token: Token.reader),
      get("/v1/\(String(repeating: "long/", count: 60))"),
    ] { _ = try gate.request(text) }
  }

  private func query(_ arguments: String...) throws -> (status: Int32, lines: [Substring]) {
    let result = try GateProcess.run(["audit", "query"] + arguments + [gate.auditPath])
    return (result.status, result.output.split(separator: "\n"))
  }

  @Test func `conditions are joined by and, and the exit status says whether anything was found`() throws {
    #expect(try query("--subject", "docs-reader").lines.count == 2)
    let denied = try query("--subject", "docs-reader", "--peer", "hub", "--decision", "deny", "--since", "1h")
    #expect(denied.status == 0 && denied.lines.count == 1)
    #expect(denied.lines.first?.contains("docs-reader     read      hub            deny   403") == true)
    #expect(try query("--peer", "hub", "--until", "1h").status == 1)
    #expect(try query("--peer", "nobody").status == 1)
    #expect(try query("--since", "yesterday").status > 1)
    #expect(try GateProcess.run(["audit", "query", "--peer", "hub", "/nowhere"]).status == 2)
  }

  @Test func `json is the lines as they stand in the file`() throws {
    let found = try query("--json", "--operation", "delete")
    let log = try String(contentsOfFile: gate.auditPath, encoding: .utf8).split(separator: "\n")
    #expect(found.lines.count == 2)
    #expect(found.lines.allSatisfy { log.contains($0) })
  }

  @Test func `tail shows the end, readable, with what the gate says of itself`() throws {
    gate.stop()
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", gate.auditPath])
    let lines = tail.output.split(separator: "\n")
    #expect(tail.status == 0)
    #expect(lines.contains { $0.contains(" address=127.0.0.1:") }, "\(tail.output)")
    #expect(lines.contains { $0.contains("docs-cluster-02 delete    cluster-02     allow  ...") })
    #expect(lines.last?.contains("audit-close cause=stop") == true)
    #expect(lines.allSatisfy { $0.count < 300 }, "a column pushes the others off the screen")
    #expect(
      try GateProcess.run(["audit", "tail", "--no-follow", "-n", "2", gate.auditPath]).output.split(
        separator: "\n"
      ).count == 2)
  }

  @Test func `tail follows the log over a rename`() throws {
    let scratch = try ScratchFolder()
    let tail = try GateProcess.start(
      ["audit", "tail", "-n", "0", gate.auditPath], log: scratch.path + "/out")
    defer {
      tail.terminate()
      tail.waitUntilExit()
    }
    let shown = { try String(contentsOfFile: scratch.path + "/out", encoding: .utf8) }
    // It has begun to follow once a line that is new is there.
    #expect(
      try eventually(within: 20) {
        _ = try gate.request(get("/v1/peering/first", token: Token.administrator))
        return try shown().contains("first")
      })
    try FileManager.default.moveItem(atPath: gate.auditPath, toPath: gate.auditPath + ".1")
    gate.signal(SIGUSR1)
    _ = try gate.request(get("/v1/peering/second", token: Token.administrator))
    #expect(try eventually(within: 20) { try shown().contains("second") })
  }

  @Test func `tail ends when it is told to, also if anyone who started it takes no signals`() throws {
    let scratch = try ScratchFolder()
    let tail = try GateProcess.start(
      ["audit", "tail", gate.auditPath], log: scratch.path + "/out",
      under: ["/usr/bin/env", "--block-signal=TERM", "--block-signal=INT"])
    #expect(
      try eventually { try String(contentsOfFile: scratch.path + "/out", encoding: .utf8).contains("hub") })
    tail.terminate()
    #expect(eventually { !tail.isRunning })
    kill(tail.processIdentifier, SIGKILL)
    tail.waitUntilExit()
    #expect(tail.terminationReason == .uncaughtSignal && tail.terminationStatus == SIGTERM)
  }

  @Test func `a forged line cannot steer the terminal`() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try gate.audit().first).text
    let forged = try scratch.write(
      "forged.jsonl", line.replacing("docs-admin", with: "x\\u001b[2J\\u202e\\u0007y") + "\n")
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", forged])
    #expect(tail.output.contains("x\u{FFFD}[2J\u{FFFD}\u{FFFD}y"))
    #expect(
      !tail.output.unicodeScalars.contains("\u{1B}") && !tail.output.unicodeScalars.contains("\u{202E}"))
  }

  /// What a shell says to a command line of ours, standard output and standard error apart.
  private func shell(_ script: String, _ arguments: String..., zone: String = "UTC") throws -> (
    status: Int32, output: String, complaints: String
  ) {
    let scratch = try ScratchFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, GateProcess.binary.path] + arguments
    process.environment = ["PATH": "/usr/bin:/bin", "TZ": zone]
    let (output, complaints) = (scratch.path + "/out", scratch.path + "/err")
    for path in [output, complaints] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: complaints)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus,
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
      try String(contentsOfFile: complaints, encoding: .utf8)
    )
  }

  @Test func `names, statuses, sources, stages and kinds of lines are conditions`() throws {
    #expect(try query("--peer", "cluster-*").lines.count == 2)
    #expect(try query("--peer", "hub", "--peer", "cluster-*").lines.count == 4)
    #expect(try query("--status", "4xx").lines.count == 3)
    #expect(try query("--status", "400-402").status == 1)
    #expect(try query("--source", "127.0.0.0/8", "--event", "audit").lines.count == 6)
    #expect(try query("--source", "127.0.0.1", "--stage", "start").lines.count == 1)
    #expect(try query("--source", "10.0.0.0/8").status == 1)
    #expect(try query("--event", "gate-*").lines.count == 1)
    #expect(try query("--decision", "refuse", "--during", "1h..now").lines.count == 2)
    #expect(try query("--since", "2030-01-01T00:00:00+02:00").status == 1)
    for wrong in [
      ["--status", "4x"], ["--source", "10.0.0.1/8"], ["--stage", "middle"], ["--during", "1h"],
      ["--peer", ""], ["--peer", "a*b"], ["--subject", ""], ["--id", ""], ["--gate", ""], ["--event", "*-x"],
      ["--token-digest", "ab"], ["--since", "2026-01-02", "--until", "2026-01-01"],
      ["--since", "1h", "--until", "2h"], ["--during", "2026-01", "--until", "2025-01-01"],
      ["--columns", "time,who"], ["--json", "--csv"],
    ] {
      #expect(try GateProcess.run(["audit", "query"] + wrong + [gate.auditPath]).status > 2, "\(wrong)")
    }
  }

  @Test func `standard input, pipes and a dash are files`() throws {
    for script in [
      #"cat "$1" | "$0" audit query --peer hub -"#, #""$0" audit query --peer hub - < "$1""#,
      #"cat "$1" | "$0" audit query --peer hub /dev/stdin"#,
    ] {
      let found = try shell(script, gate.auditPath)
      #expect(found.status == 0 && found.output.split(separator: "\n").count == 2, "\(script)")
    }
    let tail = try shell(#"cat "$1" | "$0" audit tail --no-follow -n 1 -"#, gate.auditPath)
    #expect(tail.output.split(separator: "\n").count == 1)
    let packed = try shell(#"gzip -c "$1" | "$0" audit query -"#, gate.auditPath)
    #expect(packed.status == 2 && packed.complaints.contains("is compressed: give it as `gzip -dc FILE |"))
  }

  @Test func `columns come as text, as values for spreadsheets and as objects`() throws {
    let columns = "subject,operation,peer,status,id"
    #expect(
      try query("--columns", "subject,operation,peer,decision,status,reason", "--stage", "start").lines
        == ["docs-cluster-02\tdelete\tcluster-02\tallow\t-\t-"])
    let csv = try shell(#""$0" audit query --csv --columns "$2" --status 200 "$1""#, gate.auditPath, columns)
    let lines = csv.output.components(separatedBy: "\r\n")
    #expect(lines.first == columns && lines.count == 4 && lines.last == "")
    #expect(lines.dropFirst().first?.hasPrefix("docs-admin,read,hub,200,") == true)
    let objects = try query("--json", "--columns", "subject,status", "--peer", "hub", "--status", "403")
    #expect(objects.lines == [#"{"subject":"docs-reader","status":"403"}"#])
    let whole = try query("--csv", "--stage", "start")
    #expect(whole.lines.first?.hasPrefix("time,seq,gate,event,stage,id,subject,") == true)
  }

  @Test func `local times are the reader's`() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write(
      "log",
      #"{"created_at":"2026-07-02T22:30:00.000000Z","event_type":"audit","payload":{},"seq":1,"previous":""#
        + String(repeating: "a", count: 64) + "\"}\n")
    let script = #""$0" audit query --columns time --local --during 2026-07-03 "$1""#
    let berlin = try shell(script, file, zone: "CET-1CEST,M3.5.0,M10.5.0/3")
    #expect(berlin.output == "2026-07-03T00:30:00+02:00\n")
    #expect(try shell(script, file, zone: "UTC").status == 1)
  }

  @Test func `an hour that comes twice in autumn is found whole, one that never comes refused`() throws {
    let scratch = try ScratchFolder()
    let lines = ["00:30", "01:30", "02:30"].map {
      #"{"created_at":"2026-10-25T\#($0):00.000000Z","event_type":"audit","payload":{},"seq":1,"previous":"\#(String(repeating: "a", count: 64))"}"#
        + "\n"
    }
    let file = try scratch.write("log", lines.joined())
    let zone = "CET-1CEST,M3.5.0,M10.5.0/3"
    func during(_ text: String) throws -> (status: Int32, output: String, complaints: String) {
      try shell(
        #""$0" audit query --columns time --local --during "$1" "$2""#, text, file, zone: zone)
    }
    let twice = try during("2026-10-25T02")
    #expect(twice.output == "2026-10-25T02:30:00+02:00\n2026-10-25T02:30:00+01:00\n", "\(twice)")
    #expect(try during("2026-10-25").output.split(separator: "\n").count == 3)
    #expect(try during("2026-03-29T02").status > 2)
  }

  @Test func `what cannot be read is counted, never shown raw, and neither stops nor slows the reader`()
    throws
  {
    let scratch = try ScratchFolder()
    let line = try #require(try gate.audit().first).text
    let hostile = [
      "{\"created_at\":\"\u{1B}[2J\"}", "nonsense \u{202E}", "[" + String(repeating: "[", count: 300_000), "",
      "{\"created_at\":\"x\",\"created_at\":\"y\"}", String(repeating: "x", count: 3 << 20), "[]",
      line.replacing("docs-admin", with: "bidi\u{202E}\u{9B}2J"), String(line.dropLast(9)),
    ].joined(separator: "\n")
    let file = try scratch.write("hostile", hostile)
    for arguments in [[], ["--json"], ["--csv"], ["--columns", "all"]] {
      let result = try GateProcess.run(["audit", "query"] + arguments + [file])
      #expect(result.status == 2)
      #expect(
        result.output.contains(
          "9 lines read, 1 found; left out: 1 are empty; unreadable: 1 longer than 1 MiB, 5 not JSON, 1 no audit "
            + "record, the first at \(file):1"), "\(result.output)")
      #expect(
        result.output.unicodeScalars.allSatisfy { "\r\n\t".unicodeScalars.contains($0) || !isHidden($0) })
    }
    let tail = try GateProcess.run(["audit", "tail", "--no-follow", file])
    #expect(tail.output.contains("(a line of 3145728 bytes that cannot be read: longer than 1 MiB)"))
    #expect(tail.output.unicodeScalars.allSatisfy { $0 == "\n" || !isHidden($0) })
    let json = try query("--json", "--summary", "--peer", "hub")
    #expect(
      json.lines.last?.contains(" lines read, 2 found; left out: 4 do not match, ") == true, "\(json)")
  }

  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format: true
    default: false
    }
  }

  @Test func `tail begins at the end of a file of five gigabytes`() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("large", "")
    let handle = try #require(FileHandle(forWritingAtPath: file))
    try handle.truncate(atOffset: 5 << 30)
    try handle.seekToEnd()
    let line = try #require(try gate.audit().first).text
    try handle.write(contentsOf: Data(("\n" + line + "\n" + line + "\n").utf8))
    try handle.close()
    // The file is one hole: reading it from the front would take this process many times the limit.
    let tail = try shell(#"ulimit -t 2; "$0" audit tail --no-follow -n 2 "$1""#, file)
    #expect(tail.status == 0 && tail.output.split(separator: "\n").count == 2, "\(tail)")
  }
}
