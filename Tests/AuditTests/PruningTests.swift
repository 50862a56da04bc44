// What was deleted by the gate, and what by somebody else.
import Digests
import Foundation
import Testing

@testable import Audit

struct PruningTests {
  private let scratch: Scratch
  private let key: AuditKey
  private var settings: JournalSettings

  init() throws {
    scratch = try Scratch()
    key = try AuditKey(SigningKey.generate())
    settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = key
    settings.sinks[0].rotation.seconds = 0
    settings.sinks[0].rotation.files = 2
  }

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

  private func verify(_ more: (inout VerificationOptions) -> Void = { _ in }) throws -> VerificationReport {
    var options = VerificationOptions()
    options.publicKeys = [key.publicKey]
    options.from = 1
    more(&options)
    return try LogVerification.verify(files, options)
  }

  @Test func `a file that the gate deleted is named in the log, which is complete without it`() throws {
    try write(6)
    #expect(try files.count == 3)
    let report = try verify()
    #expect(report.isSound, "\(report.findings)")
    let first = try #require(report.firstSequence)
    #expect(report.prunedUpTo == first - 1)
    #expect(report.limits.contains { $0.contains("the gate says that it deleted them") })
  }

  @Test func `a file that somebody else took is missing`() throws {
    try write(6)
    try FileManager.default.removeItem(atPath: files[0])
    let report = try verify()
    guard case .beginningMissing(1, _)? = report.findings.first else {
      Issue.record("\(report.findings)")
      return
    }
    #expect(try verify { $0.from = nil }.isSound, "nobody asked for the beginning")
  }

  @Test func `none is deleted before its age, however many there are`() throws {
    var settings = settings
    settings.sinks[0].rotation.keptSeconds = 3_600
    var test = self
    test.settings = settings
    try test.write(6)
    #expect(try test.files.count >= 6)
    #expect(try test.verify().isSound)
    let now = WallTime.now()
    let old = LogName.pruned(from: scratch.path("audit.log"), keeping: 2, age: 3_600, at: now)
    #expect(old.isEmpty)
    let later = WallTime(microseconds: now.microseconds + 3_700 * 1_000_000)
    #expect(
      try LogName.pruned(from: scratch.path("audit.log"), keeping: 2, age: 3_600, at: later).count
        == test.files.count - 3)
  }

  @Test func `anchors find what the files alone cannot show`() throws {
    var test = self
    test.settings.sinks[0].rotation = Rotation()
    try test.write(5)
    let lines = try scratch.lines(of: "audit.log")
    let link = try AuditTests.link(behind: lines[4])
    #expect(try test.verify { $0.anchors = [5: link] }.isSound)
    #expect(try test.verify { $0.anchors = [5: link] }.anchorsFound == 1)
    let other = try AuditTests.link(behind: lines[3])
    let findings = try test.verify { $0.anchors = [5: other] }.findings
    #expect(findings == [.notAnchored(LogPlace(file: 0, line: 5), sequence: 5)])
    try (lines[..<4].joined(separator: "\n") + "\n").write(
      toFile: scratch.path("audit.log"), atomically: true, encoding: .utf8)
    #expect(try test.verify().isSound)
    #expect(try test.verify { $0.anchors = [5: link] }.findings == [.endMissing(lastSequence: 4, anchor: 5)])
  }

  @Test func `the gate notes anchors by itself, at the start and at the end at least`() throws {
    var test = self
    test.settings.sinks[0].rotation = Rotation()
    test.settings.sinks[0].anchor = AnchorSettings(path: scratch.directory + ".anchors", seconds: 3_600)
    defer { try? FileManager.default.removeItem(atPath: scratch.directory + ".anchors") }
    try test.write(5)
    let anchors = try AnchorFile.read(scratch.directory + ".anchors")
    // Between both nothing was waited for: they may be one.
    #expect((1...2).contains(anchors.count) && anchors[7] != nil)
    #expect(try test.verify { $0.anchors = anchors }.anchorsFound == anchors.count)
  }

  @Test func `an anchor that cannot be written is told once, and stops nothing`() throws {
    var test = self
    test.settings.sinks[0].rotation = Rotation()
    test.settings.sinks[0].anchor = AnchorSettings(path: scratch.path("nowhere/anchors"), seconds: 3_600)
    let notices = Notices()
    test.settings.notify = { notices.add($0) }
    try test.write(5)
    let told = notices.all.filter { if case .anchorFailed = $0.event { true } else { false } }
    #expect(told.count == 1 && told[0].isProblem)
    #expect(try test.verify().isSound)
  }

  @Test func `an anchor is read with whatever a collector put before it`() {
    let link = String(repeating: "ab", count: 32)
    for text in ["7 \(link)", "7 \(link)\r\n", "<110>1 2026 host peergate - audit - 7 \(link)\n"] {
      let bytes = Array(text.utf8)
      let found = AnchorFile.parse(bytes.span)
      #expect(found?.0 == 7 && found?.1.hexadecimal == link)
    }
    for text in ["", "7", link, " \(link)", "x7 \(link)", "7 \(link)0", "7 \(link.uppercased())"] {
      let bytes = Array(text.utf8)
      let found = AnchorFile.parse(bytes.span)
      #expect(found == nil, "\(text)")
    }
  }
}
