// Batches in, lines out, in order and exactly once.
import Foundation
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
    #expect(try sequence(of: scratch.lines(of: "audit.log")) == [1, 2, 3])
    #expect(journal.health == .keeping)
    #expect(journal.counters.kept == 3)
    #expect(journal.counters.waiting == 0)
    #expect(journal.close(withinMilliseconds: 5_000) == 0)
    #expect(journal.health == .closed)
  }
}
