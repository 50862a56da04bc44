// That a fault of the writer cannot hide itself in the verifier.
import Foundation
import Testing

struct VerifierIndependenceTests {
  @Test func `the verifier shares no code with the writer`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/Audit/Verification")
    let writers = [
      "Chain", "Block", "BlockBuilder", "JournalRecord", "LogTail", "LogFile", "LogName", "Descriptor",
      "Batch",
      "Entry",
      "Writer", "WallTime", "AuditKey", "TimestampFormatter", "SinkWriter", "SinkQueue", "FoundEnd",
      "FoundLine",
      "LogEnd",
      "PrunedFile",
    ]
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 7)
    for file in files {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let words = Set(code.split { !($0.isLetter || $0.isNumber) }.map(String.init))
        #expect(words.isDisjoint(with: writers), "\(file.lastPathComponent): \(line)")
      }
    }
  }
}
