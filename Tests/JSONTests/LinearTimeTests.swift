// What a stranger sends costs time in proportion to its length.

import Bytes
import JSON
import Support
import Testing

/// Combining marks in alternating order are what normalisation takes the square of their number for. Each reader is
/// held to the ratio of two sizes, the smaller of several tries, with room for a machine that is busy.
@Suite struct LinearTimeTests {
  private func growth(_ work: (Int) -> Void) -> Double {
    Growth.ratio({ work(3_000) }, { work(3_000 * Growth.factor) })
  }

  private func marks(_ count: Int) -> String { String(repeating: "\u{315}\u{301}", count: count) }

  @Test func `a key of combining marks beside others is read in linear time`() {
    let ratio = growth { size in
      let text = "{\"a\(marks(size))\":1,\"a\(marks(size))b\":2}"
      let node = try? Document.parse(text.utf8.span)
      #expect(node?["a"] == nil)
    }
    #expect(ratio < Growth.limit, "\(ratio)")
  }

  @Test func `many keys of combining marks are told apart in linear time`() {
    let ratio = growth { size in
      let keys = (0..<20).map { "\"\(marks(size / 20))\($0)\":\($0)" }
      let node = try? Document.parse("{\(keys.joined(separator: ","))}".utf8.span)
      #expect(node?.object?.count == 20)
    }
    #expect(ratio < Growth.limit, "\(ratio)")
  }

  @Test func `a list of escaped keys is scanned in linear time`() throws {
    let scanner = ElementScanner(seeking: ["Name", "Partition"])
    let ratio = growth { size in
      let key = String(repeating: "\\u0041", count: size)
      let text = "[{\"\(key)\":1,\"Name\":\"a\"}]"
      #expect(throws: Never.self) { try scanner.scan(text.utf8.span) { _ in } }
    }
    #expect(ratio < Growth.limit, "\(ratio)")
  }

  @Test func `keys that are canonically equivalent are different keys, as they are to Go`() throws {
    let node = try Document.parse("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8.span)
    #expect(node["\u{E9}"]?.integer == 1)
    #expect(node["e\u{301}"]?.integer == 2)
  }

  @Test(arguments: [
    (#"\u004eame"#, true), (#"NAM\u0045"#, true), (#"\u006E\u0061\u006D\u0065"#, true),
    (#"Name\u0000"#, false),
    (#"\u004e\u0061me\/"#, false), (#"Na\u006d"#, false), (#"\u014eame"#, false), (#"Name\n"#, false),
  ])
  func `an escaped spelling of a sought name is noticed, and no other`(_ key: String, isAlike: Bool) throws {
    let scanner = ElementScanner(seeking: ["Name", "Partition"])
    var isAmbiguous = false
    try scanner.scan("[{\"\(key)\":\"a\"}]".utf8.span) { element in
      isAmbiguous = element.findings.first == .ambiguous
    }
    #expect(isAmbiguous == isAlike)
  }

  @Test func `the two letters that Go folds to ASCII are folded`() throws {
    let scanner = ElementScanner(seeking: ["ask", "Partition"])
    for key in ["a\u{17F}k", "as\u{212A}", #"a\u017fk"#, #"as\u212A"#] {
      var isAmbiguous = false
      try scanner.scan("[{\"\(key)\":\"a\"}]".utf8.span) { isAmbiguous = $0.findings.first == .ambiguous }
      #expect(isAmbiguous, "\(key)")
    }
  }
}
