// What is recorded of a sink that fails and comes back, and where.

import Foundation
import Sockets
import Support
import Testing

@testable import Audit
@testable import Record

struct JournalEventsTests {
  private let folder: ScratchFolder
  private let events = JournalEvents(gate: nil)
  private let journal: Journal

  private var paths: [String] { ["one", "two"].map { folder.path + "/" + $0 } }

  /// As the journal names its sinks.
  private var first: String { paths[0].debugDescription }

  init() throws {
    folder = try ScratchFolder()
    var settings = JournalSettings(path: folder.path + "/one")
    settings.sinks.append(SinkSettings(.file(folder.path + "/two")))
    journal = try Journal.open(settings)
  }

  private func at(_ milliseconds: UInt64) -> Deadline { Deadline(nanoseconds: milliseconds * 1_000_000) }

  private func fail(at milliseconds: UInt64) {
    events.note(
      JournalNotice(sink: first, event: .failing(.notWritten(code: ENOSPC), waiting: 7)),
      at: at(milliseconds))
  }

  private func recover(lost: Int, at milliseconds: UInt64) {
    events.note(
      JournalNotice(
        sink: first, event: .recovered(.init(since: WallTime(microseconds: 1_000_000), lostLines: lost))),
      at: at(milliseconds))
  }

  /// The payloads of events in the two logs, after their end.
  private func recorded(_ type: String) throws -> [[[String: Any]]] {
    #expect(journal.close(withinMilliseconds: 60_000) == 0)
    return try paths.map { try AuditLog.events(type, in: $0) }
  }

  @Test func `it is told in the others, with the reason and what waits for it`() throws {
    events.attach(journal)
    fail(at: 0)
    let told = try recorded("gate-sink-lost")
    #expect(told[0].isEmpty && told[1].count == 1)
    #expect(told[1][0]["sink"] as? String == first && told[1][0]["waiting"] as? Int == 7)
    #expect((told[1][0]["reason"] as? String)?.contains("no space left") ?? false)
  }

  @Test func `its return is told with since when, and how many lines were lost`() throws {
    events.attach(journal)
    fail(at: 0)
    recover(lost: 12, at: 10)
    let told = try recorded("gate-sink-back")
    #expect(told[0].isEmpty && told[1].count == 1)
    #expect(told[1][0]["since"] as? String == "1970-01-01T00:00:01.000000Z")
    #expect(told[1][0]["lost"] as? Int == 12 && told[1][0]["failures"] as? Int == 1)
  }

  @Test func `one that comes and goes has a pair of lines a second, with the sum of what was lost`() throws {
    events.attach(journal)
    for index in 0..<3 as Range<UInt64> {
      fail(at: 400 * index)
      recover(lost: 1, at: 400 * index + 10)
    }
    fail(at: 999)
    recover(lost: 1, at: 999)
    fail(at: 1_000)
    recover(lost: 5, at: 1_001)
    let told = try recorded("gate-sink-back")
    #expect(told[1].map { $0["lost"] as? Int } == [1, 8])
    #expect(told[1].map { $0["failures"] as? Int } == [1, 4])
    #expect(try AuditLog.events("gate-sink-lost", in: paths[1]).count == 2)
  }

  @Test func `the clock is told in all of them`() throws {
    events.attach(journal)
    events.note(
      JournalNotice(
        sink: first,
        event: .clockSetBack(
          from: WallTime(microseconds: 9_000_000), to: WallTime(microseconds: 2_000_000))))
    for log in try recorded("gate-clock-set-back") {
      #expect(log.count == 1)
      #expect(log.first?["from"] as? String == "1970-01-01T00:00:09.000000Z")
      #expect(log.first?["to"] as? String == "1970-01-01T00:00:02.000000Z")
    }
  }

  @Test(arguments: [
    RecordLimits.earlyJournalEvents - 1, RecordLimits.earlyJournalEvents, RecordLimits.earlyJournalEvents + 1,
  ])
  func `what comes before the journal is open is kept up to a number`(_ count: Int) throws {
    for index in 0..<count { fail(at: UInt64(index) * 1_000) }
    events.attach(journal)
    #expect(try recorded("gate-sink-lost")[1].count == min(count, RecordLimits.earlyJournalEvents))
  }
}
