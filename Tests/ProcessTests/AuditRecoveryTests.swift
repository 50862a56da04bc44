// After a disk that was full the gate keeps records again, by itself, and says how many it could not keep.

import Foundation
import Support
import Testing

@Suite struct AuditRecoveryTests {
  private let witness: WitnessUpstream
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    witness = try WitnessUpstream(live: folder.path + "/audit.jsonl")
  }

  private func start(_ guarantee: String) throws -> GateProcess {
    try GateProcess(
      upstream: witness.upstream.address, auditPath: folder.path + "/audit.jsonl",
      auditMore: "delivery_guarantee = \"\(guarantee)\"")
  }

  @Test(arguments: ["enforced", "durable", "best-effort"])
  func `each guarantee recovers without being asked, and the gap has its count`(_ guarantee: String) throws {
    let gate = try start(guarantee)
    let client = try gate.connect()
    let read = get("/v1/peering/hub", token: Token.administrator)
    var answers: [AuditedLoad.Answer] = []
    func ask(_ count: Int) throws -> [Int] {
      try (0..<count).map { _ in
        let reply = try client.request(read)
        answers.append(.init(id: reply["x-request-id"] ?? "", status: reply.status))
        return reply.status
      }
    }
    #expect(try ask(10) == [Int](repeating: 200, count: 10))
    #expect(try eventually { try gate.audit().count == 10 })
    try gate.fillDisk(leaving: 0)
    let isKept = guarantee != "best-effort"
    #expect(try ask(10) == [Int](repeating: isKept ? 503 : 200, count: 10))
    #expect(gate.hasLogged("fails: the audit record was not written"))
    try gate.limitFiles(to: nil)

    // Nobody asks for anything meanwhile.
    #expect(
      try eventually(within: 30) {
        try String(contentsOfFile: gate.auditPath, encoding: .utf8).contains("audit-gap")
      })
    #expect(gate.hasLogged("works again"))
    #expect(try ask(3) == [200, 200, 200])
    gate.stop()

    let log = try ChainedLog([gate.auditPath])
    #expect(log.faults.isEmpty, "\(log.faults)")
    // Under best-effort nobody waited: what was still on its way when there was room again is kept, and not lost.
    #expect(log.outcomes.count + log.lost == 23)
    #expect(isKept ? log.lost == 10 : (1...10).contains(log.lost))
    #expect(log.kinds["audit-gap"] == 1)
    let verified = try GateProcess.run(["audit", "verify", gate.auditPath])
    #expect(verified.status == 0, "\(verified.output)")
  }
}
