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
    let live = try #require(RotatedFile(scratch.path("audit.log"))).beginning
    func old(_ now: WallTime) -> [RotatedFile] {
      var rotated = RotatedFiles(of: scratch.path("audit.log"))
      return rotated.due(keeping: 2, age: 3_600, before: live, at: now).files
    }
    #expect(old(now).isEmpty)
    let later = WallTime(microseconds: now.microseconds + 3_700 * 1_000_000)
    #expect(try old(later).map(\.path) == test.files.dropLast(3))
  }
}
