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
  private func parse(_ text: String, isWholeFile: Bool = true) -> LogTail? {
    LogTail(parsing: Array(text.utf8), isWholeFile: isWholeFile)
  }

  @Test func `an empty file is a beginning`() throws {
    let tail = try #require(parse(""))
    #expect(tail == LogTail())
  }

  @Test func `the last whole line counts`() throws {
    let tail = try #require(parse(line("41") + line("42")))
    #expect(try tail.chain == chain(42, line("42")))
    #expect(tail.tornBytes == 0)
    #expect(!tail.endsInsideLine)
  }

  @Test func `what is torn behind it is counted, newlines aside`() throws {
    let tail = try #require(parse(line("42") + "{\"torn\n{\"also"))
    #expect(tail.chain.last == 42)
    #expect(tail.tornBytes == 6 + 6)
    #expect(tail.endsInsideLine)
  }

  @Test func `a last line that lacks only its newline is whole, and gets it`() throws {
    let tail = try #require(parse(line("1") + line("2").dropLast()))
    #expect(tail.chain == parse(line("1") + line("2"))?.chain)
    #expect(tail.tornBytes == 0)
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
