// Lines that no gate chained are no records, whatever they say.
import Testing

@testable import Policy

/// What stands behind the payload of every record.
let recordEnd = #","seq":1,"previous":""# + String(repeating: "a", count: 64) + "\"}"

struct RecordEndTests {
  private func read(_ end: String) -> AuditedDecisions {
    var decisions = AuditedDecisions()
    let line = PolicySuggestionTests.line("t", "delete", "a", "allow").replacing(recordEnd, with: end)
    #expect((decisions.read(line.utf8.span) != nil) == (end == recordEnd), "\(end)")
    return decisions
  }

  @Test func `a decision without number and link is none, nor is one whose line is unfinished`() {
    let digits = String(repeating: "a", count: 64)
    for end in [
      "}", #","seq":1}"#, #","previous":"\#(digits)"}"#, #","previous":"\#(digits)","seq":1}"#,
      #","seq":1,"previous":"\#(digits)","x":1}"#, #","seq":1,"previous":"\#(digits)a"}"#,
      #","seq":1,"previous":"\#(digits.dropLast())"}"#, #","seq":01,"previous":"\#(digits)"}"#,
      #","seq":10000000000000000000,"previous":"\#(digits)"}"#,
      #","seq":1,"previous":"\#(digits.uppercased())"}"#,
      String(recordEnd.dropLast()), recordEnd + " ",
    ] {
      #expect(read(end).unreadableCount == 1, "\(end)")
    }
    #expect(read(recordEnd).unreadableCount == 0)
  }
}
