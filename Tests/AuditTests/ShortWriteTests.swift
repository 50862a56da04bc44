// A file that may grow no further, in its own process: the limit holds for all of it.
import Digests
import Foundation
import Testing

@testable import Audit

struct ShortWriteTests {
  @Test func `a write that the limit of file size cuts short leaves whole batches only`() async {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      let path = scratch.path("audit.log")
      try limitFileSize(10_000)
      let journal = try Journal.open(JournalSettings(path: path))
      let fates = Fates()
      // About 900 bytes a line: the tenth or so does not fit, and is written in part.
      for index in 0..<30 {
        try journal.submit(sampleBatch("\(index)", count: 2), completion: fates.completion)
        _ = try #require(fates.wait(for: index + 1))
      }
      let settled = fates.soFar
      let kept = settled.filter { $0.isKept }.count
      #expect(kept > 0 && kept < 30)
      #expect(settled.contains { $0.error == .notWritten(code: EFBIG) })
      var lines = try scratch.lines(of: "audit.log")
      try expectChain(lines)
      #expect(try identifiers(of: lines).count == 2 * kept, "no more and no less than was promised")

      // There is room again: the journal recovers by itself and says what is missing.
      try limitFileSize(.max)
      try journal.submit(sampleBatch("after"), completion: fates.completion)
      #expect(fates.wait(for: 31)?.last?.isKept == true)
      #expect(journal.health == .keeping)
      #expect(journal.close(withinMilliseconds: patience) == 0)
      lines = try scratch.lines(of: "audit.log")
      try expectChain(lines)
      #expect(try lostLines(in: lines) == 2 * (30 - kept))
    }
  }

  @Test func `a line that lacks only its newline stands, and keeps its number`() {
    var block = Block(after: .beginning)
    block.append(sampleBatch(count: 3))
    let end = block.byteCount(ofLines: 2)
    #expect([end - 2, end - 1, end].map { block.lineCount(within: $0) } == [1, 1, 2])
    #expect([end - 2, end - 1, end].map { block.legibleLineCount(within: $0) } == [1, 2, 2])
    let attempts = [end - 2, end - 1, end].map { bytes in
      Attempt.stuck(
        at: bytes, of: block, assuredLines: block.lineCount(within: bytes), .notWritten(code: EIO))
    }
    #expect(attempts.map(\.keptLines) == [1, 2, 2])
    #expect(attempts.map(\.assuredLines) == [1, 1, 2])
    #expect(attempts.map(\.torn?.bytes) == [end - 2 - block.byteCount(ofLines: 1), nil, nil])
  }

  @Test func `one large write that is cut short keeps the batches that got in`() async {
    await #expect(processExitsWith: .success) {
      let (settled, lines) = try cutShort(.enforced)
      let kept = settled.filter { $0.isKept }.count
      #expect(kept > 2 && kept < 21)
      // In order: all that are kept come first.
      #expect(settled.prefix(kept).allSatisfy { $0.isKept })
      try expectChain(lines)
      #expect(try identifiers(of: lines).count == 1 + 2 * (kept - 1))
    }
  }

  @Test func `what got in was not synced, so a durable log keeps none of it`() async {
    await #expect(processExitsWith: .success) {
      let (settled, lines) = try cutShort(.durable)
      #expect(settled.map { $0.isKept } == [true] + [Bool](repeating: false, count: 20))
      try expectChain(lines)
      #expect(try identifiers(of: lines).count == 1)
    }
  }
}

/// What became of one batch and of twenty that make one write together, which does not fit; and the file after it.
private func cutShort(
  _ guarantee: SinkSettings.Guarantee
) throws -> (settled: [Result<Void, AuditError>], lines: [String]) {
  let scratch = try Scratch()
  var settings = JournalSettings(path: scratch.path("audit.log"))
  settings.sinks[0].guarantee = guarantee
  let journal = try Journal.open(settings)
  try limitFileSize(20_000)
  let fates = Fates()
  // The first completion holds the journal's thread until all the others wait, so that they make one write.
  let isHeld = Monitor(false)
  try journal.submit(sampleBatch("first")) { fate in
    isHeld.withLock { $0 = true }
    isHeld.wake()
    _ = isHeld.wait(until: nil) { $0 ? nil : true }
    fates.completion(fate)
  }
  _ = isHeld.wait(until: nil) { $0 ? true : nil }
  for index in 0..<20 {
    try journal.submit(sampleBatch("\(index)", count: 2), completion: fates.completion)
  }
  isHeld.withLock { $0 = false }
  isHeld.wake()
  let settled = try #require(fates.wait(for: 21))
  let lines = try scratch.lines(of: "audit.log")
  try limitFileSize(.max)
  #expect(journal.close(withinMilliseconds: patience) == 0)
  try expectChain(scratch.lines(of: "audit.log"))
  return (settled, lines)
}

private func limitFileSize(_ bytes: UInt) throws {
  var limit = rlimit()
  _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = min(bytes, limit.rlim_max)
  try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}
