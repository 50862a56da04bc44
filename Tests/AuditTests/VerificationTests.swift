// What the check says of logs that are sound, and of logs that somebody has had his hands on.
import Digests
import Foundation
import Testing

@testable import Audit

private func at(_ line: Int) -> LogPlace { LogPlace(file: 0, line: line) }

private func signed(by key: VerifyingKey) -> VerificationOptions {
  var options = VerificationOptions()
  options.publicKeys = [key]
  return options
}

struct VerificationTests {
  @Test func `an untouched log is sound, and signed to its end`() throws {
    let log = try TamperedLog()
    let report = try log.verify()
    #expect(report.isSound, "\(report.findings)")
    #expect(report.lines == 12)
    #expect(report.firstSequence == 1 && report.lastSequence == 12)
    #expect(report.signedUpTo == 12)
    #expect(report.endsWithClose)
    #expect(report.starts == 1)
    #expect(report.head == (try link(behind: log.lines[11])))
    #expect(report.limits == ["whether a later run wrote more, in files that are not here"])
  }

  @Test func `an unsigned log is sound as far as it can be, and says so`() throws {
    let report = try TamperedLog(signed: false).verify(withKey: false)
    #expect(report.isSound)
    #expect(report.limits.contains { $0.hasPrefix("nothing is signed") })
  }

  @Test func `without a key of ours the log's own is not trusted`() throws {
    let report = try TamperedLog().verify(withKey: false)
    #expect(report.isSound)
    #expect(report.limits.contains { $0.contains("--public-key") })
  }

  @Test(arguments: 2...11)
  func `an edited line is named`(number: Int) throws {
    var log = try TamperedLog()
    log.edit(number)
    #expect(try log.verify().findings == [.edited(at(number)...at(number))])
  }

  @Test func `an edited last line is found by its signature, or by the head that is known`() throws {
    var log = try TamperedLog()
    let head = try link(behind: log.lines[11])
    log.lines[11] = log.lines[11].replacing(#""cause":"stop""#, with: #""cause":"soup""#)
    #expect(
      try log.verify(expectedHead: head).findings == [.badSignature(at(12)), .headMissing(lastSequence: 12)])
  }

  @Test func `two edited lines in a row are told as a range`() throws {
    var log = try TamperedLog()
    log.edit(5)
    log.edit(6)
    #expect(try log.verify().findings == [.edited(at(5)...at(6))])
  }

  @Test func `two edited lines apart are told apart`() throws {
    var log = try TamperedLog()
    log.edit(3)
    log.edit(8)
    #expect(try log.verify().findings == [.edited(at(3)...at(3)), .edited(at(8)...at(8))])
  }

  @Test func `a changed number is an edit`() throws {
    var log = try TamperedLog()
    log.lines[4] = log.lines[4].replacing(#""seq":5,"#, with: #""seq":50,"#)
    #expect(try log.verify().findings == [.edited(at(5)...at(5))])
  }

  @Test func `a line made unreadable is named`() throws {
    var log = try TamperedLog()
    log.lines[4] = "nothing to see here"
    #expect(try log.verify().findings == [.unreadable(at(5))])
  }

  @Test(arguments: [(5, 1), (2, 3), (1, 2)])
  func `removed lines are counted`(first: Int, count: Int) throws {
    var log = try TamperedLog()
    log.lines.removeSubrange(first - 1..<first - 1 + count)
    let report = try log.verify()
    if first == 1 {
      // From the front nobody can tell removal from rotation; the report says what is not there.
      #expect(report.isSound)
      #expect(report.limits.contains("lines 1 to \(count) are not in these files"))
    } else {
      #expect(report.findings == [.removed(UInt64(first)...UInt64(first + count - 1), before: at(first))])
    }
  }

  @Test func `lines removed from the end are found if the head is known, and admitted if not`() throws {
    var log = try TamperedLog()
    let head = try link(behind: log.lines[11])
    log.lines.removeLast(3)
    #expect(try log.verify(expectedHead: head).findings == [.headMissing(lastSequence: 9)])
    let report = try log.verify()
    #expect(report.isSound)
    #expect(
      report.limits.contains(
        "whether lines after number 9 were cut off; give --anchors or --expect-head to know"))
  }

  @Test func `a head known from earlier is found inside a log that has grown`() throws {
    let log = try TamperedLog()
    let report = try log.verify(expectedHead: try link(behind: log.lines[6]))
    #expect(report.isSound)
    #expect(report.linesAfterExpectedHead == 5)
  }

  @Test func `an inserted line is named, wherever it claims to belong`() throws {
    for claimed in [4, 7] {
      var log = try TamperedLog()
      // Made with care: the right predecessor, the right number.
      let previous = try link(behind: log.lines[claimed - 1]).hexadecimal
      log.lines.insert(
        #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"audit","payload":{},"seq":"#
          + "\(claimed + 1)" + #","previous":""# + previous + #""}"#, at: 4)
      let findings = try log.verify().findings
      #expect(findings.contains(.notInForm(at(5), byte: 76)))
      #expect(
        findings.contains(claimed == 4 ? .inserted(at(5)...at(5)) : .reordered(at(5), belongsAfter: at(8))))
    }
  }

  @Test func `a repeated line is an insertion`() throws {
    var log = try TamperedLog()
    log.lines.insert(log.lines[4], at: 5)
    #expect(try log.verify().findings == [.inserted(at(5)...at(5))])
  }

  @Test func `swapped lines are told as moved`() throws {
    var log = try TamperedLog()
    log.lines.swapAt(4, 5)
    #expect(try log.verify().findings == [.reordered(at(5), belongsAfter: at(6))])
  }

  @Test func `another log put behind is foreign`() throws {
    var log = try TamperedLog()
    log.lines += try TamperedLog().lines
    let findings = try log.verify().findings
    #expect(
      findings.first == .badSignature(at(13)) || findings.contains(.foreign(at(13), sequence: 1, after: 12)))
  }

  @Test func `a forger without the key is found out`() throws {
    // The whole log written anew by somebody with another key, and by somebody with none.
    let other = try TamperedLog()
    let ours = try TamperedLog()
    let forged = try LogVerification.verify([other.scratch.path("audit.log")], signed(by: ours.key))
    #expect(forged.findings == [.badSignature(at(1)), .badSignature(at(12)), .nothingSigned])
    let unsigned = try TamperedLog(signed: false)
    let bare = try LogVerification.verify([unsigned.scratch.path("audit.log")], signed(by: ours.key))
    #expect(bare.findings == [.unsigned(at(1)), .unsigned(at(12)), .nothingSigned])
  }

  @Test func `an unfinished last line is no crime`() throws {
    let report = try TamperedLog().verify(unfinished: #"{"created_at":"#)
    #expect(report.isSound)
    #expect(report.unfinishedBytes == 14)
    #expect(report.limits.contains { $0.hasPrefix("the last 14 bytes are an unfinished line") })
  }

  @Test func `wherever a crash cuts the last line, the next run goes on soundly`() throws {
    let log = try TamperedLog()
    let path = log.scratch.path("audit.log")
    let last = try #require(log.lines.last)
    for length in 0...last.utf8.count {
      let text = log.lines.dropLast().map { $0 + "\n" }.joined() + last.prefix(length)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let before = try LogVerification.verify([path])
      #expect(before.isSound && before.lastSequence == (length == last.utf8.count ? 12 : 11))
      _ = try Journal.open(JournalSettings(path: path)).close(withinMilliseconds: patience)
      let report = try LogVerification.verify([path])
      #expect(report.isSound, "\(length) bytes: \(report.findings)")
      #expect(report.lastSequence == before.lastSequence + 2)
    }
  }

  @Test func `a file may end without its newline, and the next go on`() throws {
    let log = try TamperedLog()
    let files = [log.scratch.path("first.log"), log.scratch.path("second.log")]
    try log.lines[..<5].joined(separator: "\n").write(toFile: files[0], atomically: true, encoding: .utf8)
    try log.lines[5...].map { $0 + "\n" }.joined().write(toFile: files[1], atomically: true, encoding: .utf8)
    let report = try LogVerification.verify(files, signed(by: log.key))
    #expect(report.isSound, "\(report.findings)")
    #expect(report.lastSequence == 12)
  }

  @Test func `a torn line that the next run declared is counted, one that it did not is unreadable`() throws {
    var log = try TamperedLog()
    let torn = #"{"created_at":"2026"#
    _ = try log.verify(unfinished: torn)
    _ = try Journal.open(JournalSettings(path: log.scratch.path("audit.log"))).close(
      withinMilliseconds: patience)
    log.lines = try log.scratch.lines(of: "audit.log")
    var report = try log.verify(withKey: false)
    #expect(report.isSound, "\(report.findings)")
    #expect(report.declaredTorn == 1)
    #expect(report.starts == 2)
    log.lines[12] += "x"
    report = try log.verify(withKey: false)
    #expect(report.findings == [.unreadable(at(13))])
  }

  @Test func `rotated files are one log in whatever order they are named`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.bytes = 4_000
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<20 {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      _ = try #require(fates.wait(for: index + 1))
    }
    _ = journal.close(withinMilliseconds: patience)
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.directory).map {
      scratch.path($0)
    }
    #expect(files.count > 3)
    for order in [files.sorted(), files.sorted().reversed()] {
      let report = try LogVerification.verify(order)
      #expect(report.isSound, "\(report.findings)")
      #expect(report.files == files.sorted())
    }
    // As long as the file stands beside the others, a rotation may have come between their names and the check.
    let second = files.sorted()[1]
    let others = files.filter { $0 != second }
    #expect(throws: VerificationError.notNamed(path: second, from: 7)) { try LogVerification.verify(others) }
    try FileManager.default.removeItem(atPath: second)
    let missing = try LogVerification.verify(others)
    guard case .removed? = missing.findings.first else {
      Issue.record("\(missing.findings)")
      return
    }
  }

  @Test func `a log with a gap is sound, and the loss is told`() throws {
    let scratch = try Scratch()
    let pipe = try NamedPipe(scratch.path("audit.fifo"))
    var settings = JournalSettings(path: pipe.path)
    settings.sinks[0].waitingLines = 100
    let journal = try Journal.open(settings)
    let fates = Fates()
    try journal.submit(sampleBatch(count: 100), completion: fates.completion)
    #expect(throws: AuditError.self) { try journal.submit(sampleBatch(count: 7)) { _ in } }
    pipe.startReading()
    _ = try #require(fates.wait(for: 1))
    _ = journal.close(withinMilliseconds: patience)
    try pipe.lines().map { $0 + "\n" }.joined()
      .write(toFile: scratch.path("copy.log"), atomically: true, encoding: .utf8)
    let report = try LogVerification.verify([scratch.path("copy.log")])
    #expect(report.isSound)
    #expect(report.declaredLost == 7)
  }

  @Test func `files that cannot be read are errors, not findings`() {
    #expect(throws: VerificationError.noFiles) { try LogVerification.verify([]) }
    #expect(throws: VerificationError.cannotRead(path: "/nowhere", code: ENOENT)) {
      try LogVerification.verify(["/nowhere"])
    }
    #expect(throws: VerificationError.cannotRead(path: "/", code: EISDIR)) {
      try LogVerification.verify(["/"])
    }
  }

  @Test func `every kind of finding is one sentence with its place`() {
    let places = at(3)...at(5)
    let findings: [Finding] = [
      .edited(at(3)...at(3)), .edited(places), .unreadable(at(3)), .removed(4...9, before: at(3)),
      .inserted(places),
      .reordered(at(3), belongsAfter: at(9)), .foreign(at(3), sequence: 1, after: 9), .notTheBeginning(at(3)),
      .unsigned(at(3)), .badSignature(at(3)),
    ]
    for finding in findings { #expect(finding.describe(files: ["a.log"]).hasPrefix("a.log:3"), "\(finding)") }
    #expect(Finding.removed(4...9, before: at(3)).describe(files: ["a.log"]).contains("6 lines are missing"))
  }
}
