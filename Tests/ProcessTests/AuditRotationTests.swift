// The file changes under full load, by the gate, by logrotate and by both: no line is lost, and none stands twice.

import Foundation
import Support
import Testing

@Suite(.serialized) struct AuditRotationTests {
  private let folder: ScratchFolder
  private let witness: WitnessUpstream

  init() throws {
    folder = try ScratchFolder()
    witness = try WitnessUpstream(live: folder.path + "/audit.jsonl")
  }

  /// Twelve clients on two workers; meanwhile `disturb` is done again and again.
  private func run(_ settings: String, answers: Int, _ disturb: (GateProcess) -> Void) throws -> ChainedLog {
    let gate = try GateProcess(
      upstream: witness.upstream.address, auditPath: folder.path + "/audit.jsonl", auditMore: settings)
    let load = AuditedLoad(gate, clients: 12)
    let isEnough = eventually(within: 90) {
      disturb(gate)
      return load.count() >= answers
    }
    #expect(isEnough, "\(load.count()) of \(answers) answers")
    let all = load.finish()
    #expect(gate.stop() == 0)
    #expect(all.allSatisfy { $0.status != 503 })
    let log = try witness.expectRecorded(all)
    #expect(log.outcomes.count == all.count)
    #expect(log.lost == 0)
    return log
  }

  @Test(arguments: ["enforced", "durable"])
  func `rotation by size`(_ guarantee: String) throws {
    let log = try run(
      "rotate_bytes = 65536\ndelivery_guarantee = \"\(guarantee)\"", answers: 4_000
    ) { _ in }
    #expect(log.kinds["audit-open", default: 0] > 20)
    #expect(log.kinds["audit-close"] == log.kinds["audit-open"])
  }

  @Test func `rename and SIGUSR1, as logrotate does it`() throws {
    var turns = 0
    let log = try run("", answers: 4_000) { gate in
      turns += 1
      // The signal may come late, or for a file that is already anew.
      if turns % 5 == 0 { witness.rename() }
      if turns % 7 == 0 { gate.signal(SIGUSR1) }
    }
    #expect(try witness.files().count > 5)
    #expect(log.kinds["audit-open", default: 0] > 5)
  }

  @Test func `SIGUSR1 alone begins nothing`() throws {
    let log = try run("", answers: 3_000) { $0.signal(SIGUSR1) }
    #expect(log.kinds["audit-open"] == 1)
    #expect(try witness.files().count == 1)
  }

  @Test func `rotation by size while logrotate renames`() throws {
    let log = try run("rotate_bytes = 65536", answers: 4_000) { gate in
      witness.rename()
      gate.signal(SIGUSR1)
    }
    #expect(log.kinds["audit-open", default: 0] > 20)
  }
}
