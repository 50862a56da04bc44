// Several sinks, one answer.
import Foundation
import Testing

@testable import Audit

struct TallyTests {
  private static let kept = Result<Void, AuditError>.success(())
  private static let failed = Result<Void, AuditError>.failure(.notWritten(code: 5))

  @Test(arguments: [true, false], [true, false])
  func `all needs both, any needs one, and either answers once`(first: Bool, second: Bool) {
    for requirement in [JournalSettings.Requirement.all, .any] {
      let fates = Fates()
      let tally = Quorum(of: 2, requirement: requirement, completion: fates.completion)
      tally.settle(first ? Self.kept : Self.failed)
      tally.settle(second ? Self.kept : Self.failed)
      #expect(fates.soFar.count == 1)
      #expect(fates.soFar[0].isKept == (requirement == .all ? first && second : first || second))
    }
  }

  @Test func `the answer comes as soon as it is clear`() {
    let fates = Fates()
    let all = Quorum(of: 2, requirement: .all, completion: fates.completion)
    all.settle(Self.failed)
    #expect(fates.soFar.count == 1)
    let any = Quorum(of: 2, requirement: .any, completion: fates.completion)
    any.settle(Self.kept)
    #expect(fates.soFar.count == 2)
  }
}

struct SeveralSinksTests {
  @Test func `with all, a full disk fails the batch; with any, the other file keeps it`() throws {
    for requirement in [JournalSettings.Requirement.all, .any] {
      let scratch = try Scratch()
      var settings = JournalSettings(sinks: [
        SinkSettings(.file(scratch.path("audit.log"))), SinkSettings(.file("/dev/full")),
      ])
      settings.requirement = requirement
      let journal = try Journal.open(settings)
      let fates = Fates()
      try journal.submit(sampleBatch(), completion: fates.completion)
      #expect(fates.wait(for: 1)?[0].isKept == (requirement == .any))
      #expect(journal.health.isKeeping == (requirement == .any))
      _ = journal.close(withinMilliseconds: patience)
      #expect(fates.soFar.count == 1)
      #expect(try identifiers(of: scratch.lines(of: "audit.log")).count == 1)
    }
  }

  @Test func `a slow sink does not slow another`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    var settings = JournalSettings(sinks: [
      SinkSettings(.file(pipe.path)), SinkSettings(.file(scratch.path("audit.log"))),
    ])
    settings.requirement = .any
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<30 {
      try journal.submit(sampleBatch("\(index)", count: 20), completion: fates.completion)
    }
    #expect(fates.wait(for: 30)?.allSatisfy { $0.isKept } == true)
    _ = journal.close(withinMilliseconds: 100)
  }

  @Test func `best effort is never waited for, and its drops are in the log`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    var settings = JournalSettings(path: pipe.path)
    settings.sinks[0].guarantee = .bestEffort
    settings.sinks[0].waitingLines = 200
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<30 {
      try journal.submit(sampleBatch("\(index)", count: 20), completion: fates.completion)
    }
    #expect(fates.soFar.count == 30, "completed before submit returned")
    #expect(fates.soFar.allSatisfy { $0.isKept })
    let refused = journal.counters.refused
    #expect(refused > 0)
    pipe.startReading()
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try pipe.lines()
    try expectChain(lines)
    #expect(try identifiers(of: lines).count == 600 - refused)
    #expect(try lostLines(in: lines) == refused)
  }

  @Test func `durable keeps lines as enforced does, and is for files only`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].guarantee = .durable
    let journal = try Journal.open(settings)
    let fates = Fates()
    for _ in 0..<50 { try journal.submit(sampleBatch(), completion: fates.completion) }
    #expect(fates.wait(for: 50)?.allSatisfy { $0.isKept } == true)
    #expect(journal.counters.writes < 52, "one fdatasync serves many batches")
    _ = journal.close(withinMilliseconds: patience)
    try expectChain(scratch.lines(of: "audit.log"))

    settings.sinks[0].destination = .file("/dev/null")
    #expect(throws: AuditError.cannotBeDurable(sink: "\"/dev/null\"")) { try Journal.open(settings) }
  }
}
