// What a file may cost: never more than its length, whatever is in it.

import Bytes
import HCL
import JSON
import Support
import Testing

@Suite struct LinearTimeTests {
  private func parse(_ text: String, file: String) {
    let report = Report()
    if let document = try? HCL.Document.parse(Source(file: file, text: text)) {
      readSample(document, into: report)
    }
    for diagnostic in report.diagnostics { #expect(!diagnostic.rendered.isEmpty) }
  }

  private func isLinear(_ name: String, from size: Int, _ work: (Int) -> Void) {
    let ratio = Growth.ratio({ work(size) }, { work(size * Growth.factor) })
    #expect(ratio < Growth.limit, "\(name)")
  }

  /// Marks whose canonical order is the other one, so that normalising sorts them.
  private static func marks(_ count: Int) -> String { String(repeating: "\u{0315}\u{0301}", count: count) }
  private static func word(_ length: Int) -> String { String(repeating: "na", count: length / 2) }

  private static let texts: [(String, @Sendable (Int) -> String)] = [
    ("a key of combining marks", { "\"a\(marks($0))\" = 1" }),
    ("a label of them", { "peering \"a\(marks($0))\" { policy = \"read\" }" }),
    (
      "a value of them",
      { "name = \"a\(marks($0))\" tags = [\"a\(marks($0))\"] timeout = \"1s\(marks($0))\"" }
    ),
    ("a heredoc of them", { "name = <<EOF\n\(marks($0))\nEOF\n" }),
    ("a comment of them", { "# \(marks($0))\nname = \"x\"" }),
    ("a repeated key of them", { "\"a\(marks($0 / 2))\" = 1\n\"a\(marks($0 / 2))\" = 1" }),
    ("a long word", { "\(word($0)) = 1" }),
    ("a word a little longer than a known one, often", { String(repeating: "nmae = 1\n", count: $0 / 9) }),
    ("many keys on one line", { String(repeating: "nmae = 1 ", count: $0 / 9) }),
    ("many keys that are known", { String(repeating: "name = \"x\"\n", count: $0 / 11) }),
    ("many blocks", { String(repeating: "peering \"a\" { policy = 1 }\n", count: $0 / 26) }),
    ("many blocks that may stand once", { String(repeating: "listener { address = 1 }\n", count: $0 / 25) }),
    ("a long list", { "tags = [" + String(repeating: "\"x\", ", count: $0 / 5) + "1]" }),
    ("many errors in one list", { "tags = [" + String(repeating: "1, ", count: $0 / 3) + "1]" }),
    ("many labels", { "peering " + String(repeating: "a ", count: $0 / 2) + "{}" }),
    ("many heredocs", { String(repeating: "name = <<A\nx\nA\n", count: $0 / 15) }),
    ("a line that ends in a fault", { word($0) + " = \"" + word($0) + "\" ?" }),
  ]

  @Test(arguments: texts.indices) func `HCL is read in time linear in its length`(_ index: Int) {
    let (name, text) = Self.texts[index]
    isLinear(name, from: 2_000) { parse(text($0), file: "x.hcl") }
  }

  private static let objects: [(String, @Sendable (Int) -> String)] = [
    ("a key of combining marks", { "{\"a\(marks($0))\": 1}" }),
    ("two keys of them", { "{\"a\(marks($0))\": 1, \"b\(marks($0))\": 2}" }),
    ("a value of them", { "{\"name\": \"a\(marks($0))\"}" }),
    ("many keys", { "{" + (0..<$0 / 10).map { "\"k\($0)\": 1, " }.joined() + "\"name\": \"x\"}" }),
    (
      "many blocks", { "{\"peering\": {" + (0..<$0 / 20).map { "\"k\($0)\": {}, " }.joined() + "\"x\": {}}}" }
    ),
    ("a list of blocks", { "{\"listener\": [" + String(repeating: "{}, ", count: $0 / 4) + "{}]}" }),
    ("a long word", { "{\"\(word($0))\": 1}" }),
    ("dollars", { "{\"name\": \"" + String(repeating: "$", count: $0) + "\"}" }),
  ]

  @Test(arguments: objects.indices) func `JSON is read in time linear in its length`(_ index: Int) {
    let (name, text) = Self.objects[index]
    isLinear(name, from: 2_000) { parse(text($0), file: "x.json") }
  }

  /// One of four known words is as long as the sought one, so the others cost no more than a look at their length.
  @Test func `a suggestion costs little for each of many known words`() {
    isLinear("suggestions", from: 2_000) { count in
      let known = (0..<count).map { ByteString("policy-\($0)") }
      for word in ["polixy-1", "x", "policy-123456789"] {
        _ = Suggestion.nearest(to: ByteString(word), among: known)
      }
    }
  }

  @Test func `a hundred errors and a hundred warnings are shown, the others counted`() throws {
    let source = Source(file: "x", text: String(repeating: "x", count: 10))
    let report = Report()
    for _ in 0..<HCLLimits.diagnostics { report.warning(at: .start, in: source, "w") }
    #expect(report.unreported == 0 && !report.hasErrors)
    for _ in 0..<HCLLimits.diagnostics { report.error(at: .start, in: source, "e") }
    #expect(report.diagnostics.count == 2 * HCLLimits.diagnostics && report.unreported == 0)
    for _ in 0..<5 { report.error(at: .start, in: source, "e") }
    report.warning(at: .start, in: source, "w")
    #expect(report.diagnostics.count == 2 * HCLLimits.diagnostics && report.unreported == 6)
  }

  @Test func `a message quotes a short part of a long line`() {
    let bytes = 1_000_000
    for filling in ["x", "é", "\u{301}", "\u{1F600}"] {
      let source = Source(file: "x", text: String(repeating: filling, count: bytes / filling.utf8.count))
      for column in [1, bytes / 2, bytes] {
        let rendered = source.error(at: Position(line: 1, column: column), "m").rendered
        #expect(rendered.utf8.count < 20 * HCLLimits.shownLineCharacters)
      }
    }
  }
}
