// What the writer makes of a log that somebody changed while no gate ran.
import Digests
import Foundation
import Testing

@testable import Audit

struct StartCheckTests {
  /// A log of ours, and the settings that go on in it.
  private struct Stopped {
    let scratch: Scratch
    let settings: JournalSettings
    var log: ForgedLog
    var path: String { scratch.path("audit.log") }

    init(lines count: Int = 20) throws {
      scratch = try Scratch()
      let key = try AuditKey(SigningKey.generate())
      var settings = JournalSettings(path: scratch.path("audit.log"))
      settings.key = key
      self.settings = settings
      log = ForgedLog(lines: [], key: key.publicKey)
      try run(lines: count)
      log.lines = try scratch.lines(of: "audit.log")
    }

    func write() throws {
      try (log.lines.map { $0 + "\n" }.joined() + log.rest).write(
        toFile: path, atomically: true, encoding: .utf8)
    }

    /// One run, which writes so many lines and ends well.
    func run(lines count: Int = 3) throws {
      let journal = try Journal.open(settings)
      let fates = Fates()
      try journal.submit(sampleBatch(count: count), completion: fates.completion)
      _ = try #require(fates.wait(for: 1))
      #expect(journal.close(withinMilliseconds: patience) == 0)
    }

    func verify() throws -> VerificationReport {
      var options = VerificationOptions()
      options.publicKeys = [log.key]
      return try LogVerification.verify([path], options)
    }

    /// What the opening record of the last run says that it found.
    func found() throws -> [String: Any] {
      let line = try #require(try scratch.lines(of: "audit.log").last { $0.contains("audit-open") })
      return try #require(try payload(of: line)["found"] as? [String: Any])
    }
  }

  @Test func `a run that ended well is found so`() throws {
    let stopped = try Stopped()
    try stopped.run()
    let found = try stopped.found()
    #expect(found["last"] as? Int == 22 && found["signed_to"] as? Int == 22)
    #expect(found["unsigned"] as? Int == 0 && found["clean"] as? Bool == true)
    let report = try stopped.verify()
    #expect(report.isSound && report.notes.isEmpty, "\(report.findings) \(report.notes)")
  }

  @Test func `after a kill the lines without a signature are counted, told, and never signed over`() throws {
    var stopped = try Stopped()
    stopped.log.lines.removeLast()
    stopped.log.rest = "{\"torn"
    try stopped.write()
    try stopped.run()
    let found = try stopped.found()
    #expect(found["last"] as? Int == 21 && found["signed_to"] as? Int == 1)
    #expect(found["unsigned"] as? Int == 20 && found["clean"] as? Bool == false)
    let report = try stopped.verify()
    #expect(report.isSound, "\(report.findings)")
    #expect(report.uncleanStarts == [22])
    #expect(report.unvouched == [2...21])
    #expect(report.notes.count == 2)
  }

  @Test func `what was rewritten behind the first line is not covered by the next signature`() throws {
    var stopped = try Stopped(lines: 1_300)
    stopped.log.lines = [stopped.log.lines[0]] + stopped.log.lines.filter { $0.contains("HTTPEvent") }
    for index in 1..<1_301 { stopped.log.replace(index, "\"200\"", "\"403\"") }
    try stopped.log.rechain(from: 1)
    try stopped.write()
    try stopped.run()
    let found = try stopped.found()
    #expect(found["signed_to"] as? Int == 1 && found["unsigned"] as? Int == 1_300)
    let opening = try #require(try stopped.scratch.lines(of: "audit.log").last { $0.contains("audit-open") })
    #expect(try payload(of: opening)["from"] as? Int == 1_302)
    let report = try stopped.verify()
    #expect(
      report.findings.contains { if case .signaturesMissing(2...1_301, _) = $0 { true } else { false } })
    #expect(report.unvouched == [2...1_301])
  }

  @Test func `a signed end that was changed is not gone on with, and the error says what to do`() throws {
    let edits: [(inout ForgedLog) throws -> Void] = [
      { log in
        log.replace(5, "\"200\"", "\"403\"")
        try log.rechain(from: 6)
      },
      { log in log.replace(log.lines.count - 1, "\"stop\"", "\"soup\"") },
      { log in
        // Behind the last signature: a line that does not follow.
        log.lines.removeLast()
        log.replace(5, "\"200\"", "\"403\"")
      },
    ]
    for edit in edits {
      var stopped = try Stopped()
      try edit(&stopped.log)
      try stopped.write()
      do {
        _ = try Journal.open(stopped.settings)
        Issue.record("it went on")
      } catch {
        guard case .signedPartBroken = error else { throw error }
        #expect("\(error)".contains("move it, and the files rotated away from it, to another folder"))
      }
      let report = try stopped.verify()
      #expect(!report.isSound)
      // As the error says.
      try FileManager.default.removeItem(atPath: stopped.path)
      try stopped.run()
      #expect(try stopped.verify().isSound)
    }
  }

  @Test func `a genuine last signature does not vouch for what was changed before it`() throws {
    var stopped = try Stopped()
    stopped.log.replace(5, "\"200\"", "\"403\"")
    try stopped.write()
    try stopped.run()
    #expect(
      try stopped.verify().findings == [.edited(LogPlace(file: 0, line: 6)...LogPlace(file: 0, line: 6))])
  }

  @Test func `another key goes on where the first ended, and both verify it`() throws {
    let stopped = try Stopped()
    var settings = stopped.settings
    let second = try AuditKey(SigningKey.generate())
    settings.key = second
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    #expect(try stopped.found()["signed_to"] == nil)
    var options = VerificationOptions()
    options.publicKeys = [stopped.log.key]
    #expect(try !LogVerification.verify([stopped.path], options).isSound)
    options.publicKeys.append(second.publicKey)
    let report = try LogVerification.verify([stopped.path], options)
    #expect(report.isSound && report.signers == options.publicKeys, "\(report.findings)")
  }

  @Test(arguments: [4_096, 9 << 20]) func `zeros at the end are closed off and said`(count: Int) throws {
    let stopped = try Stopped()
    let file = try #require(FileHandle(forWritingAtPath: stopped.path))
    try file.truncate(atOffset: file.seekToEnd() + UInt64(count))
    try file.close()
    try stopped.run()
    let report = try stopped.verify()
    #expect(report.isSound && report.declaredTorn == 1, "\(report.findings)")
    let text = try String(contentsOfFile: stopped.path, encoding: .utf8)
    #expect(text.contains("\"torn_bytes\":\(count),"))
  }

  @Test func `no start takes lines that are no records for what a crash left`() throws {
    for behind in [false, true] {
      var stopped = try Stopped()
      // All that is said of a decision, without number and link.
      let entry = String(stopped.log.lines[5].dropLast(recordEnd.utf8.count)) + "}"
      stopped.log.rest = String(repeating: entry + "\n", count: 50) + (behind ? "{\"cre" : "")
      try stopped.write()
      let error = #expect(throws: AuditError.self) { try Journal.open(stopped.settings) }
      #expect(error == .strangeLines(path: stopped.path, after: 22))
      #expect("\(error!)".contains("move it, and the files rotated away from it, to another folder"))
      let report = try stopped.verify()
      #expect(report.findings.count == 50)
    }
  }

  @Test func `what a crash left cannot be replaced once it is declared`() throws {
    var stopped = try Stopped()
    stopped.log.lines.removeLast()
    let entry = String(stopped.log.lines[5].dropLast(recordEnd.utf8.count)) + "}"
    stopped.log.rest = "{\"torn" + String(repeating: "x", count: entry.utf8.count - 6)
    try stopped.write()
    try stopped.run()
    #expect(try stopped.verify().isSound)
    let text = try String(contentsOfFile: stopped.path, encoding: .utf8)
    for other in [entry, entry.replacing("hub", with: "hu\n")] {
      try text.replacing(stopped.log.rest, with: other).write(
        toFile: stopped.path, atomically: true, encoding: .utf8)
      #expect(try !stopped.verify().isSound)
    }
  }

  @Test func `zeros that nobody could read through are refused at once`() throws {
    let stopped = try Stopped()
    let size = try #require(FileStatus(of: stopped.path)?.size)
    #expect(unsafe truncate(stopped.path, size + AuditLimits.zerosLeft) == 0)
    #expect(try LogTail.read(stopped.path).torn?.bytes == AuditLimits.zerosLeft)
    for more in [1, 20 << 30] {
      #expect(unsafe truncate(stopped.path, size + AuditLimits.zerosLeft + more) == 0)
      #expect(throws: AuditError.strangeEnd(path: stopped.path, after: 22, limit: AuditLimits.zerosLeft)) {
        try Journal.open(stopped.settings)
      }
    }
  }

  @Test func `a rotation that a kill cut off between its link and its rename is finished`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = try AuditKey(SigningKey.generate())
    let key = settings.key?.publicKey
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let rotated = scratch.path("audit-20260102T030405.678901Z.log")
    try FileManager.default.linkItem(atPath: scratch.path("audit.log"), toPath: rotated)
    try Data().write(to: URL(fileURLWithPath: scratch.path("audit.log.next")))
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted()
    #expect(files == ["audit-20260102T030405.678901Z.log", "audit.log"])
    #expect(try scratch.lines(of: files[0]).count == 2 && scratch.lines(of: files[1]).count == 2)
    var options = VerificationOptions()
    options.publicKeys = [key].compactMap { $0 }
    let report = try LogVerification.verify(files.map { scratch.path($0) }, options)
    #expect(report.isSound, "\(report.findings)")
  }

  @Test func `an end that anybody could have written is not found clean by a gate with a key`() throws {
    var stopped = try Stopped()
    stopped.log.strip(21)
    try stopped.write()
    try stopped.run()
    let found = try stopped.found()
    #expect(found["clean"] as? Bool == false && found["signed_to"] as? Int == 1)
    let report = try stopped.verify()
    #expect(report.findings == [.unsigned(LogPlace(file: 0, line: 22))])
    #expect(report.oddStarts.numbers == [23] && report.notes.count == 2)
  }

  @Test func `lines of format 1 behind a signature of format 2 are not gone on with`() throws {
    var stopped = try Stopped()
    stopped.log.lines.removeLast()
    try stopped.log.rechainOld(from: 1)
    try stopped.write()
    #expect(throws: AuditError.self) { try Journal.open(stopped.settings) }
    #expect(try !stopped.verify().isSound)
  }

  @Test func `a first line that is torn in a new file goes on from the file before`() throws {
    let scratch = try Scratch()
    let settings = JournalSettings(path: scratch.path("audit.log"))
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let rotated = scratch.path("audit-20260102T030405.678901Z.log")
    try FileManager.default.moveItem(atPath: scratch.path("audit.log"), toPath: rotated)
    try #"{"created_at":"20"#.write(toFile: scratch.path("audit.log"), atomically: true, encoding: .utf8)
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let report = try LogVerification.verify([rotated, scratch.path("audit.log")])
    #expect(report.isSound && report.lastSequence == 4 && report.declaredTorn == 1, "\(report.findings)")
  }
}
