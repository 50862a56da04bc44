// Somebody rewrites the log while the gate is stopped: the next start says what it found, or refuses to go on.

import Foundation
import Support
import Testing

@Suite struct ForgedStartTests {
  private let upstream: RecordingUpstream
  private let folder: ScratchFolder
  private let key: String
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{\"Name\":\"hub\"}") }
    folder = try ScratchFolder()
    key = folder.path + "/audit.key"
    #expect(try GateProcess.run(["audit", "keygen", key]).status == 0)
  }

  private func start() throws -> GateProcess {
    try GateProcess(
      upstream: upstream.address, auditPath: path, auditMore: "key_file = \"\(key)\"")
  }

  /// A run of so many reads that ended well; its lines.
  private func run(asking count: Int) throws -> [String] {
    let gate = try start()
    let client = try gate.connect()
    for _ in 0..<count {
      #expect(try client.request(get("/v1/peering/hub", token: Token.administrator)).status == 200)
    }
    #expect(gate.stop() == 0)
    return try lines()
  }

  private func lines() throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Numbers and links anew behind the first line, as anybody can make them.
  private func write(rechained lines: [String]) throws {
    var made = [lines[0]]
    var link = PlainSHA256.link(behind: Array(lines[0].utf8), after: String(repeating: "0", count: 64))
    for line in lines.dropFirst() {
      let end = try #require(line.range(of: ",\"seq\":", options: .backwards)).lowerBound
      made.append(line[..<end] + ",\"seq\":\(made.count + 1),\"previous\":\"\(link)\"}")
      link = PlainSHA256.link(behind: Array(made[made.count - 1].utf8), after: link)
    }
    try folder.write("audit.jsonl", made.joined(separator: "\n") + "\n")
  }

  private func rewritten(_ line: String) -> String { line.replacing("\"hub\"", with: "\"hob\"") }

  private func verify() throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "verify", "--public-key", key + ".pub", path])
  }

  private func opening() throws -> [String: Any] {
    try #require(try AuditLog.events("audit-open", in: path).last)
  }

  @Test func `all but the first line rewritten, signatures kept: no start, and it says how to`() throws {
    let made = try run(asking: 5)
    try write(rechained: [made[0]] + made.dropFirst().map(rewritten))
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    do {
      _ = try start()
      Issue.record("it went on")
    } catch let failure as GateFailedToStart {
      let text = failure.description
      #expect(text.contains("is not over what stands there"), "\(text)")
      #expect(text.contains("Keep it as evidence: move it, and the files rotated away from it"), "\(text)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "evidence is not written to")
    let result = try verify()
    #expect(result.status == 1, "\(result.output)")
    // As the error says.
    try FileManager.default.removeItem(atPath: path)
    _ = try run(asking: 1)
    #expect(try verify().status == 0)
  }

  @Test func `a signed line edited in place, its signature and all else kept: it does not start`() throws {
    let made = try run(asking: 5)
    let edited = made.dropLast() + [made[made.count - 1].replacing("\"stop\"", with: "\"slop\"")]
    try folder.write("audit.jsonl", edited.joined(separator: "\n") + "\n")
    #expect(throws: GateFailedToStart.self) { _ = try start() }
  }

  @Test func `an unsigned tail rewritten: the start says so, and vouches from its own line on`() throws {
    let made = try run(asking: 5)
    // Anyone who forges cannot sign, so what was signed goes.
    let forged = [made[0]] + made.dropFirst().filter { !$0.contains("\"signature\"") }.map(rewritten)
    try write(rechained: forged)
    let after = try run(asking: 2)
    let opening = try opening()
    let found = try #require(opening["found"] as? [String: Any])
    #expect(found["signed_to"] as? Int == 1 && found["last"] as? Int == forged.count)
    #expect(found["unsigned"] as? Int == forged.count - 1 && found["clean"] as? Bool == false)
    #expect(opening["from"] as? Int == forged.count + 1)
    // Each later signature says the same.
    for event in try AuditLog.events("audit-close", in: path) {
      #expect(event["from"] as? Int == forged.count + 1)
    }
    #expect(after.count > forged.count)
    let result = try verify()
    // Five lines of a moment are what a gate that is killed leaves: not proof of a forgery, and told.
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("numbers 2 to \(forged.count) have no signature"), "\(result.output)")
    let start = "starts that follow no close, at numbers \(forged.count + 1)"
    #expect(result.output.contains(start), "\(result.output)")
  }

  @Test func `more than a gate leaves unsigned rewritten: it goes on, and the log is not sound`() throws {
    let made = try run(asking: 1_100)
    let forged = [made[0]] + made.dropFirst().filter { !$0.contains("\"signature\"") }.map(rewritten)
    #expect(forged.count > 1_100)
    try write(rechained: forged)
    _ = try run(asking: 1)
    #expect(try opening()["from"] as? Int == forged.count + 1)
    let result = try verify()
    #expect(result.status == 1 && result.output.contains("NOT SOUND"), "\(result.output)")
  }

  @Test func `the first line's signature gone as well: nothing before the start is vouched for`() throws {
    let made = try run(asking: 5)
    let forged = made.filter { !$0.contains("\"signature\"") }.map(rewritten)
    // Its own first line must be number 1 behind nothing.
    let end = try #require(forged[0].range(of: ",\"seq\":", options: .backwards)).lowerBound
    let first = forged[0][..<end] + ",\"seq\":1,\"previous\":\"\(String(repeating: "0", count: 64))\"}"
    try write(rechained: [String(first)] + forged.dropFirst())
    _ = try run(asking: 1)
    let opening = try opening()
    let found = try #require(opening["found"] as? [String: Any])
    #expect(found["signed_to"] == nil && found["last"] as? Int == forged.count)
    #expect(opening["from"] as? Int == forged.count + 1)
  }
}
