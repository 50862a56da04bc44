// The gate is killed in the middle of a rotation: the next one finishes it, and no line is lost or stands twice.

import Foundation
import Support
import Testing

@Suite struct InterruptedRotationTests {
  private let folder: ScratchFolder
  private let witness: WitnessUpstream
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    folder = try ScratchFolder()
    witness = try WitnessUpstream(live: folder.path + "/audit.jsonl")
  }

  /// Where the rotation stands still until the kill.
  enum Place: String, CaseIterable, Sendable {
    case beforeTheLink = "/^link:delay_enter=120000000:when=1"
    case betweenLinkAndRename = "/^rename:delay_enter=120000000:when=1"
    case behindTheRename = "/^rename:delay_exit=120000000:when=1"
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: name) }

  private var names: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.referenceCount] as? Int ?? 0
  }

  private func rotated() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("audit-") || ($0.hasPrefix("audit.jsonl.") && !$0.hasSuffix(".next")) }
  }

  private func tracer(of gate: GateProcess) throws -> Int32? {
    let status = try String(contentsOfFile: "/proc/\(gate.process.processIdentifier)/status", encoding: .utf8)
    return status.firstMatch(of: /TracerPid:\t([1-9][0-9]*)/).flatMap { Int32($0.1) }
  }

  private func hasStopped(at place: Place) throws -> Bool {
    switch place {
    case .beforeTheLink: exists(path + ".next")
    case .betweenLinkAndRename: names == 2
    case .behindTheRename: try rotated().count == 1 && names == 1
    }
  }

  @Test(
    .enabled(if: Tracer.works, "strace is not installed, or may not trace here"), arguments: Place.allCases,
    ["enforced", "durable"])
  func `a kill in the middle of it is mended by the next start`(_ place: Place, _ guarantee: String) throws {
    let settings = "delivery_guarantee = \"\(guarantee)\"\nrotate_bytes = 16384"
    let gate = try GateProcess(
      upstream: witness.upstream.address, auditPath: path, auditMore: settings, faults: [place.rawValue])
    let load = AuditedLoad(gate, clients: 2)
    #expect(try eventually(within: 60) { try hasStopped(at: place) })
    // Anyone who holds the call goes as well, so that nobody waits for the end of its delay.
    let holder = try #require(try tracer(of: gate))
    gate.signal(SIGKILL)
    kill(holder, SIGKILL)
    gate.process.waitUntilExit()
    let answers = load.finish()
    #expect(answers.contains { $0.status == 200 })
    #expect(try hasStopped(at: place))

    // Large, so that there is no other rotation.
    let next = try GateProcess(
      upstream: witness.upstream.address, auditPath: path,
      auditMore: "delivery_guarantee = \"\(guarantee)\"")
    let reply = try next.request(get("/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == 200)
    #expect(next.stop() == 0)
    #expect(names == 1)
    #expect(try rotated().count == (place == .beforeTheLink ? 0 : 1))
    let last = AuditedLoad.Answer(id: reply["x-request-id"] ?? "", status: reply.status)
    let log = try witness.expectRecorded(answers + [last])
    // The rotation's close stands there, and what follows it is a start.
    #expect(log.kinds["audit-close"] == 2 && log.kinds["audit-open"] == 2)
    let found = try #require(try AuditLog.events("audit-open", in: path).last)
    #expect(found["cause"] as? String == "start")
  }
}
