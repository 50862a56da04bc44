// Comma-separated values, as RFC 4180 and spreadsheets read them.
import Bytes
import Testing

@testable import Audit

struct CSVRecordTests {
  @Test(arguments: [
    (["a", "b"], "a,b"), (["a,b", "c"], "\"a,b\",c"), (["say \"hi\""], "\"say \"\"hi\"\"\""),
    (["", "x"], ",x"),
    (["a;b"], "\"a;b\""), ([" a"], "\" a\""), (["a\nb\r"], "a\\u000ab\\u000d"), (["é"], "é"),
    (["\u{1B}[2J\u{202E}\u{9B}"], "\\u001b[2J\\u202e\\u009b"),
  ])
  func `fields are quoted where that is needed, and hold no break of lines`(
    fields: [ByteString], expected: String
  ) {
    #expect(CSVRecord.line(fields) == expected + "\r\n")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠A", "|cmd", "%0A"])
  func `what a spreadsheet would run gets an apostrophe`(formula: String) {
    #expect(CSVRecord.line([ByteString(formula)]) == "'\(formula)\r\n")
    #expect(CSVRecord.line([ByteString("  \(formula)")]) == "\"'  \(formula)\"\r\n")
  }

  @Test func `a formula stays harmless behind quotation marks, tabs and what is missing`() {
    #expect(CSVRecord.line(["=A1,\"x\"", nil]) == "\"'=A1,\"\"x\"\"\",\r\n")
    #expect(CSVRecord.line(["\t=A1"]) == "\\u0009=A1\r\n")
    #expect(CSVRecord.line(["a=b", "team-a"]) == "a=b,team-a\r\n")
  }
}
