// Files that end, are renamed, deleted or cut: the log goes on, with no line lost or doubled.
import CLinux
import Foundation
import Testing

@testable import Audit

struct RotationTests {
  /// Submits `count` batches of one line one after another, and waits for each.
  private func write(_ count: Int, _ name: String, to journal: Journal, _ fates: Fates) throws {
    let before = fates.soFar.count
    for index in 0..<count {
      try journal.submit(sampleBatch("\(name)-\(index)"), completion: fates.completion)
      _ = try #require(fates.wait(for: before + index + 1))
    }
  }

  private func files(in scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted()
  }

  @Test func `by size: files stay below it, end signed off, and chain into each other`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.bytes = 5_000
    let notices = Notices()
    settings.notify = { notices.add($0) }
    let journal = try Journal.open(settings)
    let fates = Fates()
    try write(20, "line", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(fates.soFar.allSatisfy { $0.isKept })

    let names = try files(in: scratch)
    #expect(names.count > 3)
    #expect(names.last == "audit.log")
    var all: [String] = []
    for name in names {
      let lines = try scratch.lines(of: name)
      #expect(try eventTypes(of: lines).first == "audit-open")
      #expect(try eventTypes(of: lines).last == "audit-close")
      #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))).count <= 5_000 + 400)
      all += lines
    }
    try expectChain(all)
    #expect(try identifiers(of: all) == (0..<20).map { "line-\($0)-0" })
    let moved = notices.all.compactMap { notice in
      if case .began("rotation", 0, let movedTo) = notice.event { movedTo } else { nil }
    }
    #expect(moved == names.dropLast().map { scratch.path($0) })
  }

  @Test func `blocks are set aside behind the end, which stays, and not behind the size of rotation`() throws
  {
    let scratch = try Scratch()
    var system = statfs()
    try #require(unsafe statfs(scratch.directory, &system) == 0)
    let isExt4 = system.f_type == EXT4_SUPER_MAGIC
    let isSpacious = UInt64(system.f_bavail) * UInt64(system.f_bsize) > 2 * UInt64(AuditLimits.bytesFree)
    for (limit, isAhead) in [(Int.max, isExt4 && isSpacious), (20_000, false)] {
      let path = scratch.path("audit-\(limit).log")
      var settings = JournalSettings(path: path)
      settings.sinks[0].rotation.bytes = limit
      let journal = try Journal.open(settings)
      let fates = Fates()
      try write(3, "line", to: journal, fates)
      var status = stat()
      try #require(unsafe stat(path, &status) == 0)
      #expect((status.st_blocks * 512 >= AuditLimits.bytesAhead) == isAhead)
      #expect(status.st_blocks * 512 <= AuditLimits.bytesAhead + 32_768)
      #expect(journal.close(withinMilliseconds: patience) == 0)
      // Nothing of it is to be seen from the other end.
      let text = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(text.count < 20_000 && text.last == 0x0A && !text.contains(0))
    }
  }

  @Test func `by age: a file whose first line is old ends before the next line`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.seconds = 0
    let journal = try Journal.open(settings)
    let fates = Fates()
    try write(3, "line", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    // The first line may have found the opening record still unwritten, and shared its file.
    #expect(try [3, 4].contains(files(in: scratch).count))
  }

  @Test func `by count: the oldest rotated files are deleted`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.seconds = 0
    settings.sinks[0].rotation.files = 2
    try "x".write(toFile: scratch.path("audit-foreign.log"), atomically: true, encoding: .utf8)
    let journal = try Journal.open(settings)
    let fates = Fates()
    try write(6, "line", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let names = try files(in: scratch)
    #expect(names.count == 4)
    #expect(names.contains("audit-foreign.log"))
    let rotated = try names.filter { $0 != "audit-foreign.log" }.flatMap { try scratch.lines(of: $0) }
    try expectChain(rotated)
    #expect(try identifiers(of: rotated).last == "line-5-0")
  }

  @Test func `a rotation that is impossible goes on in the old file`() throws {
    let scratch = try Scratch()
    // A directory stands where the next file should be made.
    try FileManager.default.createDirectory(
      atPath: scratch.path("audit.log.next"), withIntermediateDirectories: false)
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.seconds = 0
    let notices = Notices()
    settings.notify = { notices.add($0) }
    let journal = try Journal.open(settings)
    let fates = Fates()
    try write(3, "line", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(fates.soFar.allSatisfy { $0.isKept })
    let lines = try scratch.lines(of: "audit.log")
    try expectChain(lines)
    #expect(try identifiers(of: lines).count == 3)
    #expect(notices.all.count { if case .rotationFailed = $0.event { true } else { false } } == 1)
  }

  @Test func `an older file of the same name is not overwritten`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    var sink = try FileSink.open(path, rotation: Rotation(), isDurable: false)
    let now = WallTime(microseconds: 1_767_323_045_678_901)
    let taken = LogName.rotated(from: path, at: now)
    #expect(taken == scratch.path("audit-20260102T030405.678901Z.log"))
    try "older".write(toFile: taken, atomically: true, encoding: .utf8)
    #expect(throws: AuditError.cannotRotate(path: path, code: EEXIST)) { try sink.rotate(at: now) }
    #expect(try String(contentsOfFile: taken, encoding: .utf8) == "older")
    #expect(try files(in: scratch) == ["audit-20260102T030405.678901Z.log", "audit.log"])
    #expect(try sink.prepare(isReopening: false) == nil, "the old file is still the one")
  }

  @Test func `after a rename and a signal the next line is in a new file`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    try write(2, "before", to: journal, fates)
    try FileManager.default.moveItem(atPath: scratch.path("audit.log"), toPath: scratch.path("audit.log.1"))
    journal.reopen()
    try write(2, "after", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let old = try scratch.lines(of: "audit.log.1")
    let new = try scratch.lines(of: "audit.log")
    #expect(try identifiers(of: old) == ["before-0-0", "before-1-0"])
    #expect(try identifiers(of: new) == ["after-0-0", "after-1-0"])
    #expect(try payload(of: #require(new.first))["cause"] as? String == "reopened")
    try expectChain(old + new)
  }

  @Test func `a signal alone changes nothing`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    journal.reopen()
    try write(1, "line", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(try eventTypes(of: scratch.lines(of: "audit.log")) == ["audit-open", "audit", "audit-close"])
  }

  @Test func `a file that is deleted takes no promised line with it from then on`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    try write(2, "before", to: journal, fates)
    try FileManager.default.removeItem(atPath: scratch.path("audit.log"))
    try write(2, "after", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try scratch.lines(of: "audit.log")
    #expect(try identifiers(of: lines) == ["after-0-0", "after-1-0"])
    #expect(try payload(of: #require(lines.first))["cause"] as? String == "removed")
    #expect(try sequence(of: lines).first == 4, "what is missing can be told by the numbers")
    try expectChain(lines)
  }

  @Test func `a directory that is deleted fails batches until it is back`() throws {
    let scratch = try Scratch()
    let directory = scratch.path("logs")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    let path = directory + "/audit.log"
    let journal = try Journal.open(JournalSettings(path: path))
    let fates = Fates()
    try write(1, "before", to: journal, fates)
    try FileManager.default.removeItem(atPath: directory)
    try write(1, "lost", to: journal, fates)
    #expect(fates.soFar.last?.error == .parentMissing(path: path))
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    try write(1, "after", to: journal, fates)
    #expect(fates.soFar.last?.isKept == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try scratch.lines(of: "logs/audit.log")
    #expect(try eventTypes(of: lines) == ["audit-open", "audit-gap", "audit", "audit-close"])
  }

  @Test func `a file that is cut by copytruncate goes on and says so`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    try write(2, "before", to: journal, fates)
    let copied = try scratch.lines(of: "audit.log")
    let file = try #require(FileHandle(forWritingAtPath: scratch.path("audit.log")))
    try file.truncate(atOffset: 0)
    try file.close()
    try write(1, "after", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let lines = try scratch.lines(of: "audit.log")
    #expect(try payload(of: #require(lines.first))["cause"] as? String == "truncated")
    try expectChain(copied + lines)
  }

  @Test func `a restart whose live file was rotated away continues the newest rotated one`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.seconds = 0
    let journal = try Journal.open(settings)
    let fates = Fates()
    try write(2, "first", to: journal, fates)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    try FileManager.default.removeItem(atPath: scratch.path("audit.log"))
    let rotated = try files(in: scratch).flatMap { try scratch.lines(of: $0) }
    settings.sinks[0].rotation = Rotation()
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    try expectChain(rotated + scratch.lines(of: "audit.log"))
  }

  @Test func `under load, renames and signals lose and double nothing`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    let fates = Fates()
    let batches = 600
    var names: [String] = []
    for index in 0..<batches {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      guard index % 50 == 49 else { continue }
      let name = "audit.log.\(names.count)"
      try FileManager.default.moveItem(atPath: scratch.path("audit.log"), toPath: scratch.path(name))
      names.append(name)
      journal.reopen()
      // The next rename needs a file to rename.
      let reopened = Fates()
      try journal.submit(sampleBatch("mark"), completion: reopened.completion)
      _ = try #require(reopened.wait(for: 1))
    }
    #expect(fates.wait(for: batches)?.allSatisfy { $0.isKept } == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let all = try (names + ["audit.log"]).flatMap { try scratch.lines(of: $0) }
    try expectChain(all)
    #expect(try identifiers(of: all).filter { !$0.hasPrefix("mark") } == (0..<batches).map { "\($0)-0" })
  }
}
