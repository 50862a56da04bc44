// What is told of a log that may be sound all the same, and what comes first.
import Digests
import Foundation
import Testing

@testable import Audit

struct VerificationNoteTests {
  @Test(arguments: [-1, 0, 1]) func `times far from the signatures around them are told`(excess: Int64) {
    let far = AuditLimits.strayTimeSeconds * 1_000_000 + excess
    let place = LogPlace(file: 0, line: 1)
    var watch = SignatureWatch()
    func sign(_ number: UInt64, _ time: Int64) {
      #expect(watch.sign(number, from: number, time: time) == nil)
    }
    sign(1, 0)
    watch.pass(2, at: place, time: -far)
    sign(3, 0)
    watch.pass(4, at: place, time: far)
    sign(5, 0)
    watch.pass(6, at: place, time: -far)
    #expect(watch.finish() == nil)
    #expect(watch.stray == (excess > 0 ? [2...2, 4...4, 6...6] : []))
  }

  @Test(arguments: [false, true]) func `a file that was deleted or cut under the gate is told`(_ isCut: Bool)
    throws
  {
    let scratch = try Scratch()
    let key = try AuditKey(SigningKey.generate())
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = key
    let journal = try Journal.open(settings)
    let fates = Fates()
    try journal.submit(sampleBatch("1"), completion: fates.completion)
    _ = try #require(fates.wait(for: 1))
    if isCut {
      #expect(unsafe truncate(scratch.path("audit.log"), 0) == 0)
    } else {
      try FileManager.default.removeItem(atPath: scratch.path("audit.log"))
    }
    try journal.submit(sampleBatch("2"), completion: fates.completion)
    _ = try #require(fates.wait(for: 2))
    #expect(journal.close(withinMilliseconds: patience) == 0)
    var options = VerificationOptions()
    options.publicKeys = [key.publicKey]
    let report = try LogVerification.verify([scratch.path("audit.log")], options)
    #expect(
      report.isSound && (isCut ? report.filesCut : report.filesRemoved).numbers == [3], "\(report.findings)")
    #expect(report.notes.contains { $0.contains(isCut ? "cut its file" : "deleted its file") })
  }

  @Test func `a file beside the others hides no finding`() throws {
    var log = try TamperedLog()
    let lines = log.lines
    let files = [log.scratch.path("first.log"), log.scratch.path("second.log")]
    func write(_ part: ArraySlice<String>, to path: String) throws {
      try part.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
    var options = VerificationOptions()
    options.publicKeys = [log.key]
    try write(lines[8...], to: files[1])
    // The one that was not named: what it holds would be right.
    try write(lines[5..<8], to: log.scratch.path("beside.log"))
    try FileManager.default.removeItem(atPath: log.scratch.path("audit.log"))
    try write(lines[..<5], to: files[0])
    #expect(throws: VerificationError.self) { try LogVerification.verify(files, options) }
    log.edit(3)
    try write(log.lines[..<5], to: files[0])
    let report = try LogVerification.verify(files, options)
    #expect(report.findings.contains(.edited(LogPlace(file: 0, line: 3)...LogPlace(file: 0, line: 3))))
    #expect(report.findings.contains(.removed(6...8, before: LogPlace(file: 1, line: 1))))
  }

  @Test func `names of files cannot begin a line or steer a terminal`() {
    let text = Finding.unreadable(LogPlace(file: 0, line: 7)).describe(files: ["a\nsound: \u{1B}[31m\u{202E}"]
    )
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } && text.contains(":7: "))
  }

  @Test func `two links for one number are not sound, and anchors that cannot be checked are told`() throws {
    let log = try TamperedLog()
    let path = log.scratch.path("anchors")
    let (one, other) = (try link(behind: log.lines[4]).hexadecimal, String(repeating: "a", count: 64))
    for text in ["5 \(one)\n5 \(other)\n", "5 \(other)\n5 \(one)\n", "5 \(one)\n5 \(one)\n"] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      var options = VerificationOptions()
      options.anchors = try AnchorFile.read(path)
      let report = try LogVerification.verify([log.scratch.path("audit.log")], options)
      #expect(report.isSound == !text.contains(other))
      #expect(report.findings.contains(.anchorsContradict(sequence: 5)) == text.contains(other))
    }
    var options = VerificationOptions()
    (options.from, options.anchors) = (9, Anchors([(nil, 5, try link(behind: log.lines[4]))]))
    let report = try LogVerification.verify([log.scratch.path("audit.log")], options)
    #expect(report.isSound && report.anchorsUnchecked == 1)
    #expect(report.limits.contains { $0.contains("1 anchors were not checked") })
  }

  @Test(arguments: [2, 3, 4]) func `more anchors than are read are refused`(limit: Int) throws {
    let scratch = try Scratch()
    let link = String(repeating: "a", count: 64)
    try "1 \(link)\n2 \(link)\n3 \(link)\n".write(
      toFile: scratch.path("anchors"), atomically: true, encoding: .utf8)
    guard limit >= 3 else {
      #expect(throws: VerificationError.tooManyAnchors(path: scratch.path("anchors"), limit: limit)) {
        try AnchorFile.read(scratch.path("anchors"), limit: limit)
      }
      return
    }
    #expect(try AnchorFile.read(scratch.path("anchors"), limit: limit).count == 3)
  }
}
