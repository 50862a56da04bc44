// Anyone who changes a signed log without the key is found out.
import Digests
import Foundation
import Testing

@testable import Audit

struct ForgeryTests {
  private static let sound = Result { try ForgedLog.make() }

  @Test func `the log that is forged here is sound before`() throws {
    let report = try Self.sound.get().verify { $0.from = 1 }
    #expect(report.isSound, "\(report.findings)")
    #expect(report.checkpoints == 1 && report.starts == 2 && report.uncleanStarts.isEmpty)
    #expect(report.signedUpTo == report.lastSequence && report.unvouched.isEmpty)
    #expect(Forgery.all.count >= 40)
  }

  @Test(arguments: Forgery.all) func `a forgery is not sound`(_ forgery: Forgery) throws {
    var log = try Self.sound.get()
    try forgery.forge(&log)
    let report: VerificationReport
    do {
      report = try log.verify()
    } catch VerificationError.noRecord {
      // That is no word of its being sound.
      return
    }
    #expect(!report.isSound)
    // Nor can anything be hidden by what is said of it: each finding is a sentence.
    for finding in report.findings { #expect(!finding.describe(files: ["a", "b"]).isEmpty) }
  }

  @Test func `whatever is done to single bytes is found out, and nothing stops the check`() throws {
    let log = try TamperedLog()
    let path = log.scratch.path("audit.log")
    let sound = Array(log.lines.map { $0 + "\n" }.joined().utf8)
    var options = VerificationOptions()
    options.publicKeys = [log.key]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var bytes = sound
      // Not the very last newline: a line may lack it.
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count - 1, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.replaceSubrange(place..<min(place + 40, bytes.count - 1), with: bytes[0..<20])
        }
      }
      guard bytes != sound else { continue }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let report = try LogVerification.verify([path], options)
      // The last line may be torn, and is then no line; what is before it may not.
      let isCut = bytes.last != 10 && sound.starts(with: bytes.prefix(bytes.lastIndex(of: 10) ?? 0))
      #expect(!report.isSound || isCut, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
