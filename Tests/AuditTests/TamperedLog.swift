// A log of the real journal's, for tests that change it.
import Digests
import Foundation
import Testing

@testable import Audit

/// A log of ten requests written by the real journal, to be tampered with.
struct TamperedLog {
  let scratch: Scratch
  var lines: [String]
  let key: VerifyingKey

  init(signed: Bool = true) throws {
    scratch = try Scratch()
    let key = try AuditKey(SigningKey.generate())
    self.key = key.publicKey
    var settings = JournalSettings(path: scratch.path("audit.log"))
    if signed { settings.key = key }
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<10 {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      _ = try #require(fates.wait(for: index + 1))
    }
    #expect(journal.close(withinMilliseconds: patience) == 0)
    lines = try scratch.lines(of: "audit.log")
    try #require(lines.count == 12)
  }

  func verify(
    withKey: Bool = true, expectedHead: SHA256Digest? = nil, unfinished: String = ""
  ) throws -> VerificationReport {
    let path = scratch.path("audit.log")
    try (lines.map { $0 + "\n" }.joined() + unfinished).write(toFile: path, atomically: true, encoding: .utf8)
    var options = VerificationOptions()
    options.publicKeys = withKey ? [key] : []
    options.expectedHead = expectedHead
    return try LogVerification.verify([path], options)
  }

  /// The line in place of the `number`th, with a byte of its payload changed.
  mutating func edit(_ number: Int) {
    lines[number - 1] = lines[number - 1].replacing(#""status":"200""#, with: #""status":"403""#)
  }
}
