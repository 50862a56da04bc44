// What happens to the log while the gate works: kills, renames, tampering. Nothing answered goes missing.

import Foundation
import Support
import Synchronization
import Testing

@Suite struct AuditSurvivalTests {
  private let upstream: RecordingUpstream
  private let folder: ScratchFolder
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
  }

  /// Requests from four connections until `isEnough` of them were answered, or the gate is gone; the ids of
  /// the answers. Each fourth request is a change.
  private func load(_ gate: GateProcess, until isEnough: @escaping @Sendable (Int) -> Bool) -> [String] {
    let answered = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      guard let client = try? gate.connect() else { return }
      for index in 0..<10_000 {
        let method = index % 4 == 0 ? "DELETE" : "GET"
        guard
          let reply = try? client.request(request(method, "/v1/peering/hub", token: Token.administrator)),
          reply.status == 200, let id = reply["x-request-id"]
        else { return }
        let count = answered.withLock { ids in
          ids.append(id)
          return ids.count
        }
        if isEnough(count) { return }
      }
    }
    return answered.withLock { $0 }
  }

  private func verify(_ files: [String]) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "verify"] + files)
  }

  /// That each answer has one outcome on record, and each change an intent before it.
  private func expectRecorded(_ ids: [String], in files: [String]) throws {
    var outcomes: [String: Int] = [:]
    var intents: Set<String> = []
    for line in try files.flatMap({ try AuditLog.lines($0) }) {
      if line.stage == "OperationStart" {
        intents.insert(line.id)
      } else {
        outcomes[line.id, default: 0] += 1
        if line.operation == "delete" { #expect(intents.contains(line.id), "no intent before \(line.text)") }
      }
    }
    for id in ids { #expect(outcomes[id] == 1, "\(id)") }
  }

  @Test func `after kill -9 under load every answer is on record, and the chain goes on`() throws {
    let gate = try GateProcess(upstream: upstream.address, auditPath: path)
    let ids = load(gate) { count in
      if count == 300 { gate.signal(SIGKILL) }
      return false
    }
    #expect(ids.count >= 300)
    gate.process.waitUntilExit()

    let again = try GateProcess(upstream: upstream.address, auditPath: path)
    #expect(try again.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    #expect(again.stop() == 0)
    try expectRecorded(ids, in: [path])
    let verified = try verify([path])
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.output.contains("starts of the gate: 2"))
  }

  @Test func `renames with a signal under load lose and double nothing`() throws {
    let gate = try GateProcess(upstream: upstream.address, auditPath: path)
    let rotated = Mutex<[String]>([])
    let livePath = path
    let ids = load(gate) { count in
      if count % 60 == 0 {
        rotated.withLock { names in
          let name = livePath + ".\(names.count + 1)"
          // A file that is not there yet is renamed the next time.
          if unsafe rename(livePath, name) == 0 { names.append(name) }
        }
        gate.signal(SIGUSR1)
      }
      return count >= 400
    }
    #expect(gate.stop() == 0)
    let files = rotated.withLock { $0 } + [path]
    #expect(files.count > 3)
    try expectRecorded(ids, in: files)
    let verified = try verify(files)
    #expect(verified.status == 0, "\(verified.output)")
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
