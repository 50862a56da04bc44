// Batches in, lines out, in order and exactly once.
import Bytes
import Foundation
import Synchronization
import Testing

@testable import Audit

struct JournalTests {
  @Test func `a batch is in the file when its completion says so`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    try journal.submit(sampleBatch(count: 3), completion: fates.completion)
    let fate = try #require(fates.wait(for: 1))
    #expect(fate.allSatisfy { $0.isKept })
    let lines = try scratch.lines(of: "audit.log")
    #expect(try eventTypes(of: lines) == ["audit-open", "audit", "audit", "audit"])
    #expect(try sequence(of: lines) == [1, 2, 3, 4])
    #expect(journal.health == .keeping)
    #expect(journal.counters.kept == 3)
    #expect(journal.counters.waiting == 0)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(journal.health == .closed)
  }

  @Test func `a clean stop writes what waits, and says that it stopped`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    for _ in 0..<100 { try journal.submit(sampleBatch(), completion: fates.completion) }
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(fates.soFar.count == 100)
    let lines = try scratch.lines(of: "audit.log")
    #expect(try sequence(of: lines) == Array(1...102))
    #expect(try eventTypes(of: lines).last == "audit-close")
  }

  @Test func `a closed journal takes nothing more and closes only once`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    _ = journal.close(withinMilliseconds: patience)
    let before = try scratch.lines(of: "audit.log")
    #expect(throws: AuditError.closed) { try journal.submit(sampleBatch()) { _ in Issue.record("called") } }
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(try scratch.lines(of: "audit.log") == before)
  }

  @Test func `the next run continues the numbers and the chain`() throws {
    let scratch = try Scratch()
    for _ in 0..<3 {
      let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
      let fates = Fates()
      try journal.submit(sampleBatch(count: 2), completion: fates.completion)
      #expect(journal.close(withinMilliseconds: patience) == 0)
    }
    let lines = try scratch.lines(of: "audit.log")
    #expect(try sequence(of: lines) == Array(1...12))
    try expectChain(lines)
  }

  @Test func `from many threads every line arrives once, and each thread's in its order`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let (threads, batches, linesEach) = (4, 250, 3)
    let fates = Fates()
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for batch in 0..<batches {
        do {
          try journal.submit(
            sampleBatch("\(thread)-\(batch)", count: linesEach), completion: fates.completion)
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    let settled = try #require(fates.wait(for: threads * batches))
    #expect(settled.count == threads * batches)
    #expect(settled.allSatisfy { $0.isKept })
    #expect(journal.close(withinMilliseconds: patience) == 0)

    let lines = try scratch.lines(of: "audit.log")
    try expectChain(lines)
    let ids = try identifiers(of: lines)
    #expect(ids.count == threads * batches * linesEach)
    for thread in 0..<threads {
      let expected = (0..<batches).flatMap { batch in (0..<linesEach).map { "\(thread)-\(batch)-\($0)" } }
      #expect(ids.filter { $0.hasPrefix("\(thread)-") } == expected)
    }
    #expect(journal.counters.kept == ids.count)
    #expect(journal.counters.batches == threads * batches)
  }

  @Test func `a completion may submit again`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    try journal.submit(sampleBatch("first")) { fate in
      fates.completion(fate)
      do { try journal.submit(sampleBatch("second"), completion: fates.completion) } catch {
        Issue.record("\(error)")
      }
    }
    #expect(fates.wait(for: 2)?.count == 2)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(try identifiers(of: scratch.lines(of: "audit.log")) == ["first-0", "second-0"])
  }

  @Test func `a new file can be read by its owner alone`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    _ = journal.close(withinMilliseconds: patience)
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("audit.log"))
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
  }

  @Test func `the opening record names the gate and the policies`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.gate = try #require(GateName("gate-1.2"))
    settings.policyDigest = "abc"
    _ = try Journal.open(settings).close(withinMilliseconds: patience)
    let payload = try payload(of: #require(scratch.lines(of: "audit.log").first))
    #expect(payload["gate"] as? String == "gate-1.2")
    #expect(payload["policy_digest"] as? String == "abc")
    #expect(payload["cause"] as? String == "start")
    #expect(payload["process"] as? Int == Int(getpid()))
  }

  @Test func `a journal without a sink is refused`() {
    #expect(throws: AuditError.noSink) { try Journal.open(JournalSettings(sinks: [])) }
  }
}
