// How a fault is shown.

import Bytes
import HCL
import JSON
import Testing

@Suite struct DiagnosticTests {
  private let source = Source(file: "policies/a.hcl", text: "first\r\nsecond\n\nfourth")

  @Test func `a log gets one line without the file's text`() {
    let diagnostic = source.warning(at: Position(line: 2, column: 3), "odd")
    #expect("\(diagnostic)" == "policies/a.hcl:2:3: warning: odd")
    #expect(diagnostic.rendered == "policies/a.hcl:2:3: warning: odd\nsecond\n  ^")
  }

  @Test func `lines are counted from 1 and end before their break`() {
    func line(_ number: Int, of source: Source) -> String {
      let lines = source.error(at: Position(line: number, column: 1), "m").rendered.split(
        separator: "\n", omittingEmptySubsequences: false)
      return String(lines[1])
    }
    #expect((0...5).map { line($0, of: source) } == ["", "first", "second", "", "fourth", ""])
    #expect(line(1, of: Source(file: "x", text: "")) == "")
    #expect(line(2, of: Source(file: "x", text: "a\n")) == "")
  }

  @Test func `a place behind the line's end is shown behind it`() {
    let rendered = source.error(at: Position(line: 4, column: 99), "cut off").rendered
    #expect(rendered.hasSuffix("\nfourth\n      ^"))
  }

  @Test func `terminal commands in a file are not obeyed`() {
    let source = Source(file: "x", text: "a = \"\u{1B}[31m\" # \u{9B}2J\r \u{7}")
    let rendered = source.error(at: Position(line: 1, column: 5), "x").rendered
    #expect(
      !rendered.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) })
    #expect(rendered.hasSuffix("\n    ^"))
  }

  @Test func `they are sorted by file and place`() {
    let other = Source(file: "b.hcl", text: "x")
    let sorted = [
      other.error(at: .start, "d"), source.error(at: Position(line: 10, column: 1), "c"),
      source.warning(at: Position(line: 9, column: 2), "b"),
      source.error(at: Position(line: 9, column: 1), "a"),
    ].sorted()
    #expect(sorted.map(\.message) == ["d", "a", "b", "c"])
  }

  @Test func `warnings alone are no errors`() {
    let report = Report()
    report.warning(at: .start, in: source, "odd")
    #expect(!report.hasErrors)
    report.error(at: .start, in: source, "bad")
    #expect(report.hasErrors)
    #expect(report.diagnostics.count == 2)
  }

  @Test func `a quoted name is cut and escaped`() {
    #expect(Quoting.quoted("a\"\n\u{1B}") == #""a\"\n\u001b""#)
    let long = Quoting.quoted(ByteString(String(repeating: "é", count: 1000)))
    #expect(long == "\"" + String(repeating: "é", count: HCLLimits.quotedCharacters) + "…\"")
  }
}
