// What a suggestion costs: no more per line when there are more tokens and more names.
import Bytes
import Peering
import Support
import Testing

@testable import Policy

/// Eight times the record may not take more than three times as long as eight records.
struct SuggestionGrowthTests {
  private static func observed(
    _ count: Int, _ line: (Int) -> (token: String, name: String, partition: String)
  ) -> ObservedUse {
    var observed = ObservedUse()
    for index in 0..<count {
      let (token, name, partition) = line(index)
      let accessor = String(String(index + 1_000_000_000_000).suffix(12))
      let text = PolicySuggestionTests.line(token, "read", name, "allow", partition: partition, id: index)
        .replacing(PolicySuggestionTests.accessor(token), with: "00000000-0000-4000-8000-" + accessor)
      observed.read(text.utf8.span)
    }
    observed.finish()
    return observed
  }

  /// Each line is of its own token; what they have in common differs.
  @Test(arguments: [
    "a name each", "a name each behind a hyphen", "a name for two", "one name for all", "a partition each",
    "one name of all tokens",
  ])
  func `the cost grows with the record`(kind: String) {
    let make = { (index: Int) -> (token: String, name: String, partition: String) in
      switch kind {
      case "a name each": ("t\(index)", "n\(index)", "default")
      case "a name each behind a hyphen": ("t\(index)", "n\(index % 10)-x\(index)", "default")
      case "a name for two": ("t\(index)", "n\(index / 2)", "default")
      case "one name for all": ("t\(index)", "hub", "default")
      case "a partition each": ("t\(index)", "hub", "p\(index)")
      default: ("ci", "n\(index)", "default")
      }
    }
    let (short, long) = (Self.observed(400, make), Self.observed(400 * Growth.factor, make))
    let ratio = Growth.ratio(
      { _ = SuggestionPrinter.text(PolicySuggestion(from: short)) },
      { _ = SuggestionPrinter.text(PolicySuggestion(from: long)) })
    #expect(ratio < Growth.limit, "\(kind): \(ratio)")
  }

  @Test func `the cost of one token grows with its names, however deep they are`() {
    let text = { (count: Int) in
      var observed = ObservedUse()
      for index in 0..<count {
        let name = "a-\(index % 7)-b-\(index % 11)-c-\(index)"
        let operation = index % 3 == 0 ? "delete" : "read"
        observed.read(PolicySuggestionTests.line("t", operation, name, "allow").utf8.span)
      }
      observed.finish()
      return observed
    }
    let (short, long) = (text(400), text(400 * Growth.factor))
    let ratio = Growth.ratio(
      { _ = SuggestionPrinter.text(PolicySuggestion(from: short)) },
      { _ = SuggestionPrinter.text(PolicySuggestion(from: long)) })
    #expect(ratio < Growth.limit, "\(ratio)")
  }
}
