// What the writer makes of the end of a file.
import Digests
import Testing

@testable import Audit

struct LogTailTests {
  private let digest = String(repeating: "ab", count: 32)
  private func line(_ sequence: String) -> String {
    #"{"created_at":"x","seq":"# + sequence + #","previous":""# + digest + "\"}\n"
  }
  private func chain(_ number: UInt64, _ line: String) throws -> Chain {
    Chain(last: number, link: try link(behind: String(line.dropLast())))
  }
  private func parse(_ text: String, isWholeFile: Bool = true, zeros: Int = 0) -> LogTail? {
    try? LogTail(parsing: Array(text.utf8), isWholeFile: isWholeFile, zeros: zeros)
  }
  private func fault(_ text: String, isWholeFile: Bool = true, zeros: Int = 0) -> LogTail.Fault? {
    do throws(LogTail.Fault) {
      _ = try LogTail(parsing: Array(text.utf8), isWholeFile: isWholeFile, zeros: zeros)
      return nil
    } catch {
      return error
    }
  }

  @Test func `an empty file is a beginning`() throws {
    let tail = try #require(parse(""))
    #expect(tail == LogTail())
  }

  @Test func `the last whole line counts`() throws {
    let tail = try #require(parse(line("41") + line("42")))
    #expect(try tail.chain == chain(42, line("42")))
    #expect(tail.torn == nil)
    #expect(!tail.endsInsideLine)
  }

  @Test func `what is torn behind it is counted and digested, zeros at its end aside`() throws {
    for (piece, zeros) in [("{\"torn", 0), ("{\"torn\0", 2), ("", 5)] {
      let tail = try #require(parse(line("42") + piece, zeros: zeros))
      #expect(tail.chain.last == 42 && tail.endsInsideLine)
      #expect(tail.torn?.bytes == piece.utf8.count + zeros)
      #expect(tail.torn?.digest == SHA256.digest(of: piece.replacing("\0", with: "")))
    }
  }

  @Test func `whole lines behind it that are no records are somebody's, and not what a crash leaves`() {
    for strange in ["x\n", "\n", "{\"torn\n{\"also", #"{"created_at":"x"}"# + "\n" + #"{"cre"#, "\0\0\n"] {
      #expect(fault(line("42") + strange) == .strangeLines(after: 42), "\(strange)")
      #expect(fault("cut}\n" + line("42") + strange, isWholeFile: false) == .strangeLines(after: 42))
      #expect(fault(strange, isWholeFile: false) == .notSeen)
    }
  }

  @Test(arguments: [-1, 0, 1]) func `no piece is longer than a line, and no zeros are more than their limit`(
    excess: Int
  ) {
    let piece = String(repeating: "x", count: AuditLimits.lineBytes + excess)
    let first = #"{"created_at":""# + piece.dropFirst(15)
    let isTooLong = excess > 0
    #expect(
      fault(line("42") + piece) == (isTooLong ? .tooLong(after: 42, limit: AuditLimits.lineBytes) : nil))
    #expect(fault(first) == (isTooLong ? .tooLong(after: 0, limit: AuditLimits.lineBytes) : nil))
    let zeros = AuditLimits.zerosLeft + excess
    #expect(
      fault(line("42"), zeros: zeros) == (isTooLong ? .tooLong(after: 42, limit: AuditLimits.zerosLeft) : nil)
    )
  }

  @Test func `zeros behind a line that lacks its newline make it one that is torn`() throws {
    let tail = try #require(parse(line("1") + line("2").dropLast(), zeros: 3))
    #expect(tail.chain.last == 1 && tail.torn?.bytes == line("2").utf8.count + 2)
  }

  @Test func `a last line that lacks only its newline is whole, and gets it`() throws {
    let tail = try #require(parse(line("1") + line("2").dropLast()))
    #expect(tail.chain == parse(line("1") + line("2"))?.chain)
    #expect(tail.torn == nil)
    #expect(tail.endsInsideLine)
  }

  @Test(arguments: ["x", "x\n", "{}\n", #"{"created_at":1}"#, #"{"created_at":"x"}"# + "\nother\n"])
  func `other files are not ours`(text: String) {
    #expect(parse(text) == nil || text.hasPrefix(#"{"created_at":""#))
    #expect(parse(text, isWholeFile: false) == nil)
  }

  @Test(arguments: ["", "a", "-1", "1.0", "18446744073709551616"])
  func `a line without a proper number is no line`(number: String) {
    #expect(parse(line(number), isWholeFile: false) == nil)
  }

  @Test(arguments: [63, 65])
  func `a digest of another length is no digest`(digits: Int) {
    let line = #"{"seq":1,"previous":""# + String(repeating: "a", count: digits) + "\"}\n"
    #expect(parse(line, isWholeFile: false) == nil)
  }
}
