// Disks that are full, pipes that are stuck, files that were torn: nothing is lost silently, nothing hangs.
import Foundation
import Testing

@testable import Audit

struct JournalFaultTests {
  @Test func `a full disk fails the batch and readiness, not the caller`() throws {
    let journal = try Journal.open(JournalSettings(path: "/dev/full"))
    let fates = Fates()
    try journal.submit(sampleBatch(count: 2), completion: fates.completion)
    let fate = try #require(fates.wait(for: 1))
    #expect(fate.allSatisfy { $0.error == .notWritten(code: ENOSPC) })
    guard case .failing(.notWritten(code: ENOSPC), _) = journal.health else {
      Issue.record("\(journal.health)")
      return
    }
    #expect(journal.counters.failed == 2)
    #expect(journal.counters.kept == 0)
    #expect(journal.close(withinMilliseconds: patience) == 2)
  }

  @Test func `a pipe that nobody empties delays completions only, and can be given up`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    let journal = try Journal.open(JournalSettings(path: pipe.path))
    let fates = Fates()
    // More than a pipe holds.
    for index in 0..<20 {
      try journal.submit(sampleBatch("\(index)", count: 20), completion: fates.completion)
    }
    #expect(fates.soFar.count < 20)
    #expect(journal.counters.waiting > 0)
    let lost = journal.close(withinMilliseconds: 100)
    #expect(lost > 0)
    let settled = try #require(fates.wait(for: 20), "abandoned batches are told, too")
    #expect(settled.count == 20)
    #expect(settled.contains { !$0.isKept })
  }

  @Test func `a pipe that is emptied late gets every line, in order`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    let journal = try Journal.open(JournalSettings(path: pipe.path))
    let fates = Fates()
    for index in 0..<20 {
      try journal.submit(sampleBatch("\(index)", count: 20), completion: fates.completion)
    }
    pipe.startReading()
    #expect(fates.wait(for: 20)?.allSatisfy { $0.isKept } == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try pipe.lines()
    try expectChain(lines)
    #expect(try identifiers(of: lines).count == 400)
  }

  @Test func `a queue that is full refuses at once and says so in the log`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    var settings = JournalSettings(path: pipe.path)
    settings.sinks[0].waitingLines = 300
    let journal = try Journal.open(settings)
    let fates = Fates()
    // One submission is stuck in the pipe for good; the second fills the queue to its limit.
    try journal.submit(sampleBatch("stuck", count: 200), completion: fates.completion)
    try journal.submit(sampleBatch("waits", count: 99), completion: fates.completion)
    #expect(throws: AuditError.self) {
      try journal.submit(sampleBatch("over", count: 2)) { _ in Issue.record("called") }
    }
    try journal.submit(sampleBatch("exact", count: 1), completion: fates.completion)
    #expect(throws: AuditError.self) {
      try journal.submit(sampleBatch("over")) { _ in Issue.record("called") }
    }
    #expect(journal.counters.refused == 3)
    pipe.startReading()
    #expect(fates.wait(for: 3)?.allSatisfy { $0.isKept } == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try pipe.lines()
    try expectChain(lines)
    #expect(try lostLines(in: lines) == 3)
  }

  @Test func `a queue that is full by bytes refuses`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    var settings = JournalSettings(path: pipe.path)
    let big = sampleBatch("big", count: 200)
    settings.sinks[0].waitingBytes = big.byteCount
    let journal = try Journal.open(settings)
    try journal.submit(big) { _ in }
    #expect(throws: AuditError.queueFull(lines: 200, bytes: big.byteCount)) {
      try journal.submit(sampleBatch()) { _ in Issue.record("called") }
    }
    _ = journal.close(withinMilliseconds: 50)
  }

  @Test func `a pipe without a reader is refused at the start`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.fifo")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(throws: AuditError.nobodyReads(path: path)) { try Journal.open(JournalSettings(path: path)) }
  }

  @Test func `a reader that leaves fails batches, one that comes back gets the gap and the next`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    let journal = try Journal.open(JournalSettings(path: pipe.path))
    let fates = Fates()
    try journal.submit(sampleBatch("before"), completion: fates.completion)
    _ = try #require(fates.wait(for: 1))
    pipe.close()
    try journal.submit(sampleBatch("lost"), completion: fates.completion)
    #expect(fates.wait(for: 2)?.last?.error == .notWritten(code: EPIPE))
    let again = NamedPipe(reopening: pipe.path)
    try journal.submit(sampleBatch("after"), completion: fates.completion)
    #expect(fates.wait(for: 3)?.last?.isKept == true)
    again.startReading()
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try again.lines()
    // What lay in the pipe when its reader left waits there for the next.
    #expect(try eventTypes(of: lines) == ["audit-open", "audit", "audit-gap", "audit", "audit-close"])
    #expect(try lostLines(in: lines) == 1)
    try expectChain(lines)
  }

  @Test func `a directory, a missing directory and a symbolic link are refused in words`() throws {
    let scratch = try Scratch()
    #expect(throws: AuditError.isDirectory(path: scratch.directory)) {
      try Journal.open(JournalSettings(path: scratch.directory))
    }
    let missing = scratch.path("missing/audit.log")
    #expect(throws: AuditError.parentMissing(path: missing)) {
      try Journal.open(JournalSettings(path: missing))
    }
    let link = scratch.path("link.log")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.path("target.log"))
    #expect(throws: AuditError.isSymbolicLink(path: link)) { try Journal.open(JournalSettings(path: link)) }
    #expect(
      AuditError.parentMissing(path: "/x/y").description
        == #"the directory of the audit file "/x/y" does not exist; create it first"#)
  }

  @Test func `a second gate on the same file is refused`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    let first = try Journal.open(JournalSettings(path: path))
    #expect(throws: AuditError.inUse(path: path)) { try Journal.open(JournalSettings(path: path)) }
    _ = first.close(withinMilliseconds: patience)
    _ = try Journal.open(JournalSettings(path: path)).close(withinMilliseconds: patience)
  }

  @Test func `a file that is no audit log is left alone`() throws {
    let scratch = try Scratch()
    let path = scratch.path("passwd")
    try "root:x:0:0:root:/root:/bin/sh\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: AuditError.notAuditLog(path: path)) { try Journal.open(JournalSettings(path: path)) }
    #expect(try scratch.lines(of: "passwd").count == 1)
  }

  @Test func `a line torn by a crash is closed off, told and declared`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    _ = try Journal.open(JournalSettings(path: path)).close(withinMilliseconds: patience)
    let whole = try scratch.lines(of: "audit.log")
    let torn = #"{"created_at":"2026-01-02T03:04:05.000000Z","event_ty"#
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(torn.utf8))
    try file.close()

    let notices = Notices()
    var settings = JournalSettings(path: path)
    settings.notify = { notices.add($0) }
    _ = try Journal.open(settings).close(withinMilliseconds: patience)
    let lines = try scratch.lines(of: "audit.log")
    try #require(lines.count == 5)
    #expect(lines[2] == torn)
    #expect(try payload(of: lines[3])["torn_bytes"] as? Int == torn.utf8.count)
    try expectChain(whole + lines[3...])
    let notice = try #require(notices.all.first)
    #expect(notice.isProblem)
    #expect("\(notice)".contains("an unfinished line of \(torn.utf8.count) bytes was closed off"))
  }

  @Test func `a first line torn by a crash is no obstacle`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    try #"{"created_at":"2026"#.write(toFile: path, atomically: true, encoding: .utf8)
    _ = try Journal.open(JournalSettings(path: path)).close(withinMilliseconds: patience)
    let lines = try scratch.lines(of: "audit.log")
    try #require(lines.count == 3)
    #expect(try sequence(of: Array(lines[1...])) == [1, 2])
    #expect(try payload(of: lines[1])["torn_bytes"] as? Int == 19)
  }
}
