// What a gate deletes when somebody else has been at the files beside its log.
import Digests
import Foundation
import Testing

@testable import Audit

struct PlantedFileTests {
  private let scratch: Scratch
  private let key: AuditKey
  private let notices = Notices()
  private let settings: JournalSettings

  init() throws {
    scratch = try Scratch()
    key = try AuditKey(SigningKey.generate())
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = key
    settings.sinks[0].rotation.seconds = 0
    settings.sinks[0].rotation.files = 3
    let notices = notices
    settings.notify = { notices.add($0) }
    self.settings = settings
  }

  /// One run; every batch but the first of a file is in its own file.
  private func write(_ count: Int) throws {
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<count {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      _ = try #require(fates.wait(for: index + 1))
    }
    #expect(journal.close(withinMilliseconds: patience) == 0)
  }

  private var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted().map { scratch.path($0) }
    }
  }

  private func verify(_ files: [String]) throws -> VerificationReport {
    var options = VerificationOptions()
    options.publicKeys = [key.publicKey]
    options.from = 1
    return try LogVerification.verify(files, options)
  }

  private var leftAlone: [String] {
    notices.all.compactMap { if case .leftAlone(let path) = $0.event { path } else { nil } }
  }

  @Test func `a file that was taken is missing, also when those before and behind it are deleted`() throws {
    try write(4)
    let before = try files
    let first = try #require(RotatedFile(before[1]))
    try FileManager.default.removeItem(atPath: before[1])
    try write(8)
    #expect(try files.count == 4 && !files.contains(before[0]) && !files.contains(before[2]))
    // What is left knows that the gate deleted all from there on, and no more.
    guard case .beginningMissing(1, _)? = try verify(files).findings.first else {
      Issue.record("it is not missed")
      return
    }
    #expect(try verify(files).pruned.ranges.first?.lowerBound == first.end.last + 1)
  }

  @Test func `between two files that are named as deleted, none is taken for one of them`() throws {
    try write(4)
    let before = try files
    let first = try #require(RotatedFile(before[1]))
    try FileManager.default.removeItem(atPath: before[1])
    try write(4)
    #expect(try files.count == 4 && !files.contains(before[0]) && !files.contains(before[2]))
    let report = try verify(files)
    #expect(report.findings.contains(.removedAmongPruned(first.first...first.end.last)), "\(report.findings)")
    #expect(!report.isSound && leftAlone.isEmpty)
  }

  @Test func `names of a clock that was ahead do not push out what is newest`() throws {
    try write(4)
    let before = try files
    // The oldest three have names of times to come.
    for (index, path) in before.dropLast().enumerated() {
      try FileManager.default.moveItem(
        atPath: path, toPath: scratch.path("audit-29991231T235959.00000\(index)Z.log"))
    }
    try write(2)
    let report = try verify(files)
    // Those that are left follow upon each other, and what went is named: the oldest.
    #expect(report.isSound, "\(report.findings)")
    #expect(try files.count == 4)
  }

  @Test func `planted files count for nothing, are left alone and told once`() throws {
    try write(4)
    let genuine = try files
    let planted = (0..<5).map { scratch.path("audit-29991231T235959.00000\($0)Z.log") }
    for path in planted[..<3] { try Data().write(to: URL(fileURLWithPath: path)) }
    try "not a log\n".write(toFile: planted[3], atomically: true, encoding: .utf8)
    // Numbers that are higher than any here.
    let line = try #require(try scratch.lines(of: "audit.log").last)
    try (line.replacing(/"seq":\d+/, with: "\"seq\":1000000") + "\n").write(
      toFile: planted[4], atomically: true, encoding: .utf8)
    try write(2)
    #expect(try files.count == 4 + 5 && planted.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    #expect(leftAlone.sorted() == planted)
    let left = try files.filter { !planted.contains($0) }
    #expect(!left.contains(genuine[0]))
    let report = try verify(left)
    #expect(report.isSound, "\(report.findings)")
  }

  @Test func `a file whose lines do not follow upon each other is not deleted, and not signed for`() throws {
    try write(4)
    let before = try files
    // The oldest ends with the last line of the newest, and what was between is gone.
    let end = try #require(try String(contentsOfFile: before[2], encoding: .utf8).split(separator: "\n").last)
    let handle = try #require(FileHandle(forWritingAtPath: before[0]))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("\(end)\n".utf8))
    try handle.close()
    for path in before[1...2] { try FileManager.default.removeItem(atPath: path) }
    try write(6)
    #expect(FileManager.default.fileExists(atPath: before[0]))
    #expect(leftAlone == [before[0]])
    let report = try verify(files)
    #expect(!report.isSound && !report.pruned.covers(1...1))
  }

  @Test func `a live file that was taken between two runs is missed`() throws {
    try write(3)
    let last = try #require(RotatedFile(try files.dropLast().last ?? ""))
    try FileManager.default.removeItem(atPath: scratch.path("audit.log"))
    var settings = settings
    settings.sinks[0].rotation = Rotation()
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let opening = try payload(of: try #require(try scratch.lines(of: "audit.log").first))
    let found = try #require(opening["found"] as? [String: Any])
    #expect(found["clean"] as? Bool == false && found["next_missing"] as? Bool == true)
    let report = try verify(files)
    #expect(
      report.findings == [
        .nextFileTaken(LogPlace(file: report.files.count - 1, line: 1), after: last.end.last)
      ],
      "\(report.findings)")
  }

  @Test func `a kill behind the end of a file is told, and nobody is accused`() throws {
    // With the next file begun, and with nothing of it.
    for isBegun in [true, false] {
      let test = try PlantedFileTests()
      try test.write(3)
      let newest = try #require(try test.files.dropLast().last)
      try FileManager.default.removeItem(atPath: test.scratch.path("audit.log"))
      if isBegun {
        try Data().write(to: URL(fileURLWithPath: test.scratch.path("audit.log")))
      } else {
        try FileManager.default.moveItem(atPath: newest, toPath: test.scratch.path("audit.log"))
      }
      var settings = test.settings
      settings.sinks[0].rotation = Rotation()
      #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
      let report = try test.verify(test.files)
      #expect(report.isSound && report.uncleanStartCount == 1, "\(report.findings)")
    }
  }

  @Test func `a log that has long deleted the records of its first deletions is complete, over restarts too`()
    throws
  {
    for _ in 0..<8 { try write(3) }
    #expect(try files.count == 4 && leftAlone.isEmpty)
    let report = try verify(files)
    #expect(report.isSound && report.firstSequence ?? 0 > 20, "\(report.findings)")
    #expect(report.limits.contains { $0.contains("the gate says that it deleted them") })
  }
}
