// The record goes elsewhere than into a file, or to several places at once, of which one may be stuck or gone.

import Foundation
import Support
import Testing

@Suite struct AuditSinkTests {
  private let folder: ScratchFolder
  private let witness: WitnessUpstream
  private var live: String { folder.path + "/audit.jsonl" }

  init() throws {
    folder = try ScratchFolder()
    witness = try WitnessUpstream(live: folder.path + "/audit.jsonl")
  }

  private func gate(_ audit: String, more: String = "", standardOutput: String? = nil) throws -> GateProcess {
    try GateProcess(
      upstream: witness.upstream.address, more: more, auditPath: live, audit: audit,
      standardOutput: standardOutput)
  }

  private func sink(_ type: String, _ collector: AuditCollector) -> String {
    "sink \"collector\" { type = \"\(type)\"\n address = \"\(collector.address)\" }\n"
  }

  private var file: String { "sink \"file\" { type = \"file\"\n path = \"\(live)\" }\n" }

  private static let read = get("/v1/peering/hub", token: Token.administrator)
  private static let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)

  /// The messages of a syslog stream, by RFC 6587's counting of bytes and RFC 5424's header.
  private func messages(_ stream: [UInt8]) throws -> [String] {
    var rest = stream[...]
    var messages: [String] = []
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != 0x20 }
      let count = try #require(Int(String(decoding: digits, as: UTF8.self)))
      let message = String(decoding: rest.dropFirst(digits.count + 1).prefix(count), as: UTF8.self)
      let header = #/<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]+ peergate \d+ audit - /#
      messages.append(String(message.dropFirst(try #require(message.prefixMatch(of: header)).0.count)))
      rest = rest.dropFirst(digits.count + 1 + count)
    }
    return messages
  }

  @Test(arguments: ["socket", "syslog"], [false, true])
  func `a collector gets every line in time`(_ type: String, _ isUnix: Bool) throws {
    let collector = try AuditCollector(path: isUnix ? folder.path + "/collector" : nil)
    let gate = try gate(sink(type, collector))
    let load = AuditedLoad(gate, clients: 6)
    load.expect(300, 200)
    let answers = load.finish()
    #expect(gate.stop() == 0)
    #expect(eventually { collector.text.contains("audit-close") })
    let stream = try #require(collector.streams.first)
    let lines = type == "syslog" ? try messages(stream).joined(separator: "\n") + "\n" : collector.text
    // Here, where the proof looks for it. That the intents were there in time only a file can show.
    try folder.write("audit.jsonl", lines)
    try witness.expectRecorded(answers, butWithoutWitness: true)
    #expect(answers.allSatisfy { $0.status != 503 })
  }

  @Test func `standard output, into a pipe`() throws {
    let pipe = try StuckPipe()
    pipe.startReading()
    let gate = try gate("path = \"/dev/stdout\"", standardOutput: pipe.path)
    #expect(try gate.request(Self.read).status == 200)
    #expect(try gate.request(Self.change).status == 200)
    #expect(gate.stop() == 0)
    #expect(eventually { pipe.text.contains("audit-close") })
    #expect(try AuditLog.lines(in: pipe.text).count == 3)
  }

  @Test func `standard output, into a file`() throws {
    try folder.write("audit.jsonl", "")
    let gate = try gate("path = \"/dev/stdout\"", standardOutput: live)
    let reply = try gate.request(Self.change)
    #expect(reply.status == 200)
    #expect(gate.stop() == 0)
    try witness.expectRecorded([.init(id: reply["x-request-id"] ?? "", status: 200)])
  }

  @Test(arguments: ["socket", "syslog"])
  func `with any, a collector that does not read slows nothing`(_ type: String) throws {
    let collector = try AuditCollector(path: folder.path + "/collector", isReading: false)
    // An answer that waited for it would outlast the client.
    let gate = try gate(
      "require = \"any\"\n" + file + sink(type, collector), more: "limits { audit_timeout = \"60s\" }")
    let load = AuditedLoad(gate, clients: 6)
    // Several times of what the kernel takes for a reader that does not come.
    load.expect(1_000, 200)
    let answers = load.finish()
    #expect(answers.allSatisfy { $0.status != 503 })
    gate.stop()
    // An intent may be with the collector's kernel first, which is enough.
    try witness.expectRecorded(answers, butWithoutWitness: true)
  }

  @Test func `with all, it withholds answers in time, and no longer once it reads`() throws {
    let collector = try AuditCollector(path: folder.path + "/collector", isReading: false)
    let gate = try gate(
      "require = \"all\"\n" + file + sink("socket", collector),
      more: "limits { audit_timeout = \"300ms\" }")
    let load = AuditedLoad(gate, clients: 6)
    load.expect(12, 503)
    var answers = load.finish()
    let changes = witness.upstream.requests.count { $0.method == "DELETE" }
    let reply = try gate.request(Self.change)
    #expect(reply.status == 503 && reply["retry-after"] == "1")
    #expect(witness.upstream.requests.count { $0.method == "DELETE" } == changes)

    collector.startReading()
    #expect(try eventually { try gate.request(Self.read).status == 200 })
    let after = AuditedLoad(gate, clients: 6)
    after.expect(100, 200)
    answers += after.finish()
    gate.stop()
    try witness.expectRecorded(answers)
    // The file has records of answers that nobody got, and takes each of them back.
    let refused = Set(answers.filter { $0.status == 503 }.map(\.id))
    let claimed = Set(try AuditLog.lines(live).filter { $0.status == "200" }.map(\.id)).intersection(refused)
    let events = try AuditLog.events("gate-withheld", in: live)
    let takenBack = Set(events.flatMap { $0["ids"] as? [String] ?? [] })
    #expect(!claimed.isEmpty && claimed.isSubset(of: takenBack))
    #expect(takenBack.isDisjoint(with: answers.filter { $0.status == 200 }.map(\.id)))
  }

  @Test(arguments: ["any", "all"])
  func `a collector that is killed and comes back gets the gap with its count`(_ require: String) throws {
    let path = folder.path + "/collector"
    let first = try AuditCollector(path: path)
    let gate = try gate("require = \"\(require)\"\n" + file + sink("socket", first))
    #expect(try gate.request(Self.read).status == 200)
    first.stop()
    try FileManager.default.removeItem(atPath: path)
    let client = try gate.connect()
    var withheld = 0
    for _ in 0..<10 where try client.request(Self.read).status == 503 { withheld += 1 }
    #expect(require == "any" ? withheld == 0 : withheld > 0)

    let second = try AuditCollector(path: path)
    // Nobody asks for anything: it recovers by itself.
    #expect(eventually { second.text.contains("audit-gap") })
    #expect(try eventually { try gate.request(Self.read).status == 200 })
    gate.stop()
    #expect(eventually { second.text.contains("audit-close") })
    let gap = try #require(second.text.firstMatch(of: /"lost":([0-9]+)/)).1
    #expect(Int(gap) ?? 0 >= 9)
    #expect(try ChainedLog([live]).faults.isEmpty)
  }
}
