// audit extract, of a log that a real gate signed, and what the other commands make of it.

import Foundation
import Support
import Testing

@Suite struct AuditExtractTests {
  private let folder: ScratchFolder
  private let key: String
  private var log: String { folder.path + "/audit.jsonl" }
  private var extract: String { folder.path + "/denials.jsonl" }

  init() throws {
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
    key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
    let gate = try GateProcess(
      upstream: upstream.address, audit: "path = \"\(folder.path)/audit.jsonl\"\nkey_file = \"\(key)\"")
    for token in [Token.administrator, Token.reader, Token.administrator, Token.reader] {
      _ = try gate.request(get("/v1/peering/hub", token: token))
    }
    #expect(gate.stop() == 0)
  }

  private func run(_ arguments: String...) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit"] + arguments)
  }

  private func verify(_ file: String) throws -> (status: Int32, output: String) {
    try run("verify", "--public-key", key + ".pub", file)
  }

  /// `$0` is the program.
  private func shell(_ script: String, _ arguments: String...) throws -> (status: Int32, output: String) {
    let process = try GateProcess.start(
      arguments, log: folder.path + "/out", under: ["/bin/sh", "-c", "binary=\"$1\"; shift; " + script, "sh"])
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: folder.path + "/out", encoding: .utf8))
  }

  @Test func `denials are handed on with their proof, and nothing of the rest`() throws {
    #expect(try run("extract", "--decision", "deny", "--to", extract, log).status == 0)
    let text = try String(contentsOfFile: extract, encoding: .utf8)
    let whole = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    let kept = text.split(separator: "\n").filter { $0.contains("event_type") }
    #expect(kept.count == 3 && kept.allSatisfy(whole.contains))
    #expect(!text.contains("docs-admin") && text.contains("docs-reader"))
    let mode = try FileManager.default.attributesOfItem(atPath: extract)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let proven = try verify(extract)
    #expect(proven.status == 3, "neither sound nor not: \(proven.output)")
    #expect(
      proven.output.hasPrefix(
        "EXTRACT: 3 of \(whole.count) lines are here, each is proven to be from the log that the key signed, and unedited"
      ), "\(proven.output)")
    #expect(!proven.output.contains("sound:"))
    #expect(proven.output.contains("proven by the signature at number \(whole.count), key "))
    #expect(proven.output.contains("not known: what the lines say that were left out"))

    let edited = try folder.write("edited", text.replacing("\"403\"", with: "\"200\""))
    let refused = try verify(edited)
    #expect(refused.status == 1 && refused.output.contains("NOT SOUND: an extract"), "\(refused.output)")
    let cut = try folder.write("cut", text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n")
    #expect(try verify(cut).output.contains("no good signature follows"))
  }

  @Test func `without a key the verdict says what was not checked`() throws {
    #expect(try run("extract", "--decision", "deny", "--to", extract, log).status == 0)
    let result = try run("verify", extract)
    #expect(result.status == 3 && result.output.contains("whose key that is was not checked"))
    #expect(result.output.contains("give --public-key"))
    let other = folder.path + "/other.key"
    #expect(try GateProcess.run(["audit", "keygen", other]).status == 0)
    #expect(try run("verify", "--public-key", other + ".pub", extract).status == 1)
    #expect(try run("extract", "--public-key", other + ".pub", "--decision", "deny", log).status == 2)
    let object = try run("verify", "--json", extract).output
    #expect(object.contains("\"proven\":true") && !object.contains("\"sound\""))
  }

  @Test func `pipes are read and written`() throws {
    let made = try shell(
      #"cat "$1" | "$binary" audit extract --decision deny - | "$binary" audit verify --public-key "$2" -"#,
      log, key + ".pub")
    #expect(made.status == 3 && made.output.hasPrefix("EXTRACT: 3 of "), "\(made)")
    let read = try shell(#""$binary" audit verify --public-key "$2" - < "$1""#, log, key + ".pub")
    #expect(read.status == 0 && read.output.hasPrefix("sound: "), "\(read)")
  }

  @Test func `what cannot be made is said, and leaves no file`() throws {
    #expect(try run("extract", "--peer", "nobody", "--to", extract, log).status == 1)
    #expect(!FileManager.default.fileExists(atPath: extract))
    let text = try String(contentsOfFile: log, encoding: .utf8)
    let edited = try folder.write("edited.jsonl", text.replacing("docs-reader", with: "docs-eraser"))
    let unsound = try run("extract", "--decision", "deny", "--to", extract, edited)
    #expect(unsound.status == 2 && unsound.output.contains("the log is not sound"), "\(unsound.output)")
    #expect(!FileManager.default.fileExists(atPath: extract))
    #expect(try run("extract", "--to", log, log).status == 2, "an existing file is not overwritten")
    #expect(try String(contentsOfFile: log, encoding: .utf8) == text)

    let plain = try folder.write("plain.jsonl", try unsignedLog())
    let unsigned = try run("extract", "--decision", "deny", "--to", extract, plain)
    #expect(unsigned.status == 2 && unsigned.output.contains("nothing in the log is signed"))
  }

  private func unsignedLog() throws -> String {
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    let gate = try GateProcess(upstream: upstream.address)
    _ = try gate.request(get("/v1/peering/hub", token: Token.reader))
    #expect(gate.stop() == 0)
    return try String(contentsOfFile: gate.auditPath, encoding: .utf8)
  }

  @Test func `commands that want a whole log refuse it, and the others say what it is`() throws {
    #expect(try run("extract", "--decision", "deny", "--to", extract, log).status == 0)
    let anchor = try run("anchor", extract)
    #expect(anchor.status == 2 && anchor.output.contains("is an extract; give the files of the log itself"))
    #expect(try run("extract", "--decision", "deny", extract).status == 2)
    #expect(try run("verify", extract, log).output.contains("check each by itself"))
    #expect(try run("verify", "--complete", extract).status == 2)

    let query = try run("query", "--decision", "deny", extract)
    #expect(query.status == 0 && query.output.contains("403"), "\(query.output)")
    #expect(query.output.contains("an extract of a log: ") && !query.output.contains("unreadable"))
    let tail = try run("tail", "--no-follow", extract)
    #expect(tail.status == 0 && tail.output.contains("are left out of this extract)"))
    let report = try run("report", "--public-key", key + ".pub", extract)
    #expect(report.status == 3 && report.output.hasPrefix("EXTRACT\n"), "\(report.output)")
    #expect(report.output.contains("left out of the extract") && !report.output.contains("follows upon"))
  }

  @Test(arguments: [["suggest"], ["unused"], ["replay"]])
  func `what is made of an extract says that it is of a part`(command: [String]) throws {
    #expect(try run("extract", "--decision", "allow", "--to", extract, log).status == 0)
    let policies = GateProcess.repository.appending(path: "policies").path
    let arguments = command + (command == ["suggest"] ? [] : ["--policies", policies])
    let part = "an extract of a log, and no more than a part of it: "
    let made = try GateProcess.run(arguments + [extract])
    #expect(made.output.contains(part), "\(made.output)")
    #expect(made.output.contains("# It may allow too little: \(part)") == (command == ["suggest"]))
    #expect(try !GateProcess.run(arguments + [log]).output.contains("extract"))
  }
}
