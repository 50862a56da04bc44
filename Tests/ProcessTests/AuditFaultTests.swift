// System calls on the audit file fail under load, and the gate is killed: what was answered is on record all the same.

import Foundation
import Support
import Testing

@Suite(.serialized) struct AuditFaultTests {
  private let folder: ScratchFolder
  private let witness: WitnessUpstream
  private var path: String { folder.path + "/audit.jsonl" }

  init() throws {
    let folder = try ScratchFolder()
    self.folder = folder
    witness = try WitnessUpstream(live: folder.path + "/audit.jsonl")
  }

  private func start(
    _ guarantee: String = "enforced", faults: [String] = [], fileBytes: Int? = nil, rotateBytes: Int = 1 << 30
  ) throws -> GateProcess {
    try GateProcess(
      upstream: witness.upstream.address, auditPath: path,
      auditMore: "delivery_guarantee = \"\(guarantee)\"\nrotate_bytes = \(rotateBytes)",
      fileBytes: fileBytes, faults: faults)
  }

  /// A gate without faults takes the log over from the one that was killed.
  private func takeOver(_ answers: [AuditedLoad.Answer]) throws -> ChainedLog {
    let next = try start()
    let reply = try next.request(get("/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == 200)
    #expect(next.stop() == 0)
    let all = answers + [AuditedLoad.Answer(id: reply["x-request-id"] ?? "", status: reply.status)]
    return try witness.expectRecorded(all)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let guarantee: String
    let calls: [String]
    /// Whether answers must be withheld; an interrupted call is only made again.
    var withholds = true
    var testDescription: String { "\(guarantee), \(calls.joined(separator: " and "))" }
  }

  static let faults = [
    Fault(guarantee: "enforced", calls: ["write:error=ENOSPC:when=4+5"]),
    Fault(guarantee: "enforced", calls: ["write:error=EIO:when=5+7"]),
    Fault(guarantee: "enforced", calls: ["write:error=EINTR:when=2+2"], withholds: false),
    Fault(guarantee: "durable", calls: ["write:error=ENOSPC:when=4+5"]),
    Fault(guarantee: "durable", calls: ["fdatasync:error=EIO:when=4+5"]),
    Fault(guarantee: "durable", calls: ["fdatasync:error=ENOSPC:when=3+3", "write:error=EINTR:when=2+3"]),
    Fault(guarantee: "durable", calls: ["fdatasync:error=EINTR:when=2+2"], withholds: false),
    // What the disk may not have cannot be taken back, either.
    Fault(guarantee: "durable", calls: ["fdatasync:error=EIO:when=4+5", "ftruncate:error=EIO"]),
  ]

  @Test(.enabled(if: Tracer.works, "strace is not installed, or may not trace here"), arguments: faults)
  func `calls that fail now and then, and kill -9`(_ fault: Fault) throws {
    let gate = try start(fault.guarantee, faults: fault.calls)
    let load = AuditedLoad(gate, clients: 6)
    load.expect(150, 200)
    if fault.withholds { load.expect(10, 503) }
    gate.signal(SIGKILL)
    let answers = load.finish()
    #expect(answers.contains { $0.status == 503 } == fault.withholds)
    let log = try takeOver(answers)
    #expect((log.lost > 0) == fault.withholds)
    #expect(log.kinds["audit-open"] == 2)
  }

  /// With what cannot be taken back the file grows all the same, until a write is cut short.
  @Test(
    .enabled(if: Tracer.works, "strace is not installed, or may not trace here"),
    arguments: [
      ["write:error=EIO"], ["write:error=ENOSPC"], ["fdatasync:error=EIO"],
      ["fdatasync:error=EIO", "ftruncate:error=EIO"],
    ])
  func `a disk that never keeps anything: no change reaches Consul, nothing is told`(_ calls: [String]) throws
  {
    let gate = try start("durable", faults: calls, fileBytes: 65_536)
    let load = AuditedLoad(gate, clients: 6)
    load.expect(150, 503)
    gate.signal(SIGKILL)
    let answers = load.finish()
    #expect(answers.allSatisfy { $0.status == 503 })
    #expect(witness.upstream.requests.allSatisfy { $0.method == "GET" })
    _ = try takeOver(answers)
  }

  @Test(arguments: ["enforced", "durable"], [SIGKILL, SIGTERM])
  func `a disk that is full for a while, each time in the middle of a line`(
    _ guarantee: String, _ end: Int32
  ) throws {
    let gate = try start(guarantee)
    let load = AuditedLoad(gate, clients: 6)
    for room in [60_700, 100_001, 54_321] {
      load.expect(60, 200)
      try gate.fillDisk(leaving: room)
      load.expect(10, 503)
      try gate.limitFiles(to: nil)
    }
    load.expect(60, 200)
    try gate.fillDisk(leaving: 51_000)
    load.expect(5, 503)
    if end == SIGTERM { try gate.limitFiles(to: nil) }
    gate.signal(end)
    let answers = load.finish()
    gate.process.waitUntilExit()
    let log = try takeOver(answers)
    #expect(log.kinds["audit-gap", default: 0] >= 3)
    // Behind each answer that was withheld there is a line at least that was lost, and a clean stop tells them all.
    if end == SIGTERM { #expect(log.lost >= answers.count { $0.status == 503 }) }
  }

  @Test(
    .enabled(if: Tracer.works, "strace is not installed, or may not trace here"), arguments: [false, true])
  func `half a line that cannot be taken back is closed off and owned up to`(_ isRenamed: Bool) throws {
    let gate = try start(faults: ["ftruncate:error=EIO"])
    let load = AuditedLoad(gate, clients: 6)
    for room in [60_100, 50_333, 72_222] {
      load.expect(60, 200)
      try gate.fillDisk(leaving: room)
      load.expect(10, 503)
      if isRenamed {
        // The operator makes room in the middle of it, and half a line is the end of a file.
        witness.rename()
        load.expect(20, 200)
      }
      try gate.limitFiles(to: nil)
    }
    load.expect(60, 200)
    gate.signal(SIGKILL)
    let log = try takeOver(load.finish())
    #expect(log.lost > 0)
    let text = try witness.files().map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
    #expect(text.contains("\"torn_bytes\":"))
  }

  @Test(
    .enabled(if: Tracer.works, "strace is not installed, or may not trace here"),
    arguments: [
      ["openat:error=EMFILE:when=4+3"], ["openat:error=EINTR:when=1+2"], ["flock:error=EAGAIN:when=2+2"],
      ["link:error=ENOSPC:when=2+2"], ["rename:error=EIO:when=2+2"],
      ["statx:error=EIO:when=9+4"],
    ])
  // The gate's start makes the first such calls on its own thread, which are counted by themselves.
  func `calls that fail while one file follows upon another, and kill -9`(_ calls: [String]) throws {
    let gate = try start(faults: calls, rotateBytes: 65_536)
    let load = AuditedLoad(gate, clients: 6)
    for _ in 0..<5 {
      load.expect(100, 200)
      witness.rename()
      gate.signal(SIGUSR1)
    }
    load.expect(100, 200)
    gate.signal(SIGKILL)
    let log = try takeOver(load.finish())
    #expect(log.kinds["audit-open", default: 0] > 5)
  }
}
