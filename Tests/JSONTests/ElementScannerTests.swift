// Lists scanned in place: where the elements are, what they are called, what is refused.

import JSON
import Testing

@Suite struct ElementScannerTests {
  private let scanner = ElementScanner(seeking: ["Name", "Partition"])

  private func elements(_ text: String) throws(Malformation) -> [ScannedElement] {
    var elements: [ScannedElement] = []
    let bytes = Array(text.utf8)
    try scanner.scan(bytes.span) { elements.append($0) }
    return elements
  }

  /// The string that a finding points at; nil for every other finding.
  private func string(_ finding: ScannedElement.Finding, in text: String) -> String? {
    guard case .string(let range, let isEscaped) = finding else { return nil }
    let contents = Array(Array(text.utf8)[range])
    return isEscaped ? try? Text.decode(contents.span) : String(decoding: contents, as: UTF8.self)
  }

  @Test func `elements are found byte for byte, without the space around them`() throws {
    let text = " [ {\"Name\" : \"a\" } ,\n\t{\"Name\":\"b\",\"Partition\":\"p\"}, 7 ] \n"
    let found = try elements(text)
    let pieces = found.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    #expect(pieces == ["{\"Name\" : \"a\" }", "{\"Name\":\"b\",\"Partition\":\"p\"}", "7"])
    #expect(found.map(\.isObject) == [true, true, false])
    #expect(found.map { string($0[0], in: text) } == ["a", "b", nil])
    #expect(found.map { string($0[1], in: text) } == [nil, "p", nil])
    #expect(found.map { $0[1] == .absent } == [true, false, true])
  }

  @Test(arguments: ["[]", " [ ] ", "[\n]\r\n"]) func `an empty list has no elements`(_ text: String) throws {
    #expect(try elements(text).isEmpty)
  }

  @Test func `only the element's own members count`() throws {
    let text = #"[{"Remote":{"Name":"inner","Partition":"x"},"L":[{"Name":"deep"}],"Name":"outer"}]"#
    let found = try elements(text)
    #expect(string(found[0][0], in: text) == "outer")
    #expect(found[0][1] == .absent)
  }

  @Test(arguments: [
    #"{"Name":"a","Name":"b"}"#, #"{"Name":"a","Name":"a"}"#, #"{"Name":"a","name":"b"}"#, #"{"NAME":"a"}"#,
    #"{"N\u0061me":"a"}"#, #"{"Name":"a","\u004eame":"b"}"#, #"{"\u006eaME":"b","Name":"a"}"#,
    #"{"Name":1,"Name":"a"}"#,
  ])
  func `a repeated or unusual spelling of a sought name is ambiguous`(_ element: String) throws {
    let found = try elements("[\(element)]")
    #expect(found[0][0] == .ambiguous)
    #expect(found[0][1] == .absent)
  }

  @Test func `letters that Go folds to a sought name are ambiguous`() throws {
    let scanner = ElementScanner(seeking: ["Skip"])
    for key in ["\u{17F}kip", "S\u{212A}ip", "\\u017fkip", "sKIP"] {
      let bytes = Array("[{\"\(key)\":1}]".utf8)
      var findings: [ScannedElement.Finding] = []
      try scanner.scan(bytes.span) { findings.append($0[0]) }
      #expect(findings == [.ambiguous])
    }
  }

  @Test(arguments: [
    #"{"Names":"a"}"#, #"{"Nam":"a"}"#, #"{"Nane":"a"}"#, #"{"Na\me":"a"}"#.replacing("\\m", with: "\\n"),
    #"{"Näme":"a"}"#,
    #"{"":"Name"}"#, #"{"x":"Name"}"#,
  ])
  func `another key is not taken for a sought one`(_ element: String) throws {
    #expect(try elements("[\(element)]")[0][0] == .absent)
  }

  @Test func `a name that is no string is told apart`() throws {
    let found = try elements(#"[{"Name":null},{"Name":["a"]},{"Name":{"Name":"a"}},{"Name":"\u0061"}]"#)
    #expect(found[0][0] == .otherValue)
    #expect(found[1][0] == .otherValue)
    #expect(found[2][0] == .otherValue)
    guard case .string(_, isEscaped: true) = found[3][0] else {
      Issue.record("an escaped value must say so")
      return
    }
  }

  @Test(arguments: [
    "", " ", "{}", "1", "[", "[1", "[1,", "[1,]", "[,]", "[1 2]", "[}", "[{]", "[{}}", "[]]", "[] x", "[][]",
    "\u{FEFF}[]",
    #"[{"a"}]"#, #"[{"a":}]"#, #"[{"a":1,}]"#, #"[{a:1}]"#, #"[{"a":1 "b":2}]"#, #"[{"a" 1}]"#, #"[{1:1}]"#,
    #"[{"a":1]"#,
    #"["abc]"#, #"["a\"]"#, #"["\x"]"#, #"["\u12"]"#, #"["\u12g4"]"#, "[\"a\nb\"]", "[\"abcdefgh\u{1}\"]",
    "[\"\u{1F}\"]",
    "[tru]", "[nulll]", "[01]", "[1.]", "[1e]", "[-]", "[+1]", "[.1]", "[NaN]", "['a']", "[\u{C}]",
    "[\u{A0}]", "[1,\0]",
  ])
  func `a malformed list is refused`(_ text: String) {
    #expect(throws: Malformation.self) { _ = try elements(text) }
  }

  @Test func `a string that is not UTF-8 is refused with its place`() {
    let bytes = Array("[\n \"0123456789".utf8) + [0xC3, 0x28] + Array("\"]".utf8)
    let error = #expect(throws: Malformation.self) { try scanner.scan(bytes.span) { _ in } }
    #expect(error?.reason == .invalidUTF8)
    #expect(error?.position == Position(line: 2, column: 13))
  }

  @Test func `nesting ends at the limit`() throws {
    let limit = Limits.scannedDepth
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try elements(nested(limit - 1))
    _ = try elements(nested(limit))
    let error = #expect(throws: Malformation.self) { _ = try elements(nested(limit + 1)) }
    #expect(error?.reason == .tooDeep(limit: limit))
    #expect(throws: Malformation.self) { _ = try elements(String(repeating: "[{\"a\":", count: 500_000)) }
  }

  /// A closing quotation mark, a backslash and a bad byte at each offset within eight bytes, and at the end.
  @Test(arguments: 0..<40) func `strings of every length are walked`(_ length: Int) throws {
    let filler = String(repeating: "x", count: length)
    #expect(try elements("[\"\(filler)\"]").count == 1)
    #expect(try elements("[\"\(filler)\\n\(filler)\",1]").count == 2)
    #expect(try elements("[\"\(filler)é\(filler)\",1]").count == 2)
    #expect(throws: Malformation.self) { _ = try elements("[\"\(filler)\u{1}\(filler)\"]") }
    #expect(throws: Malformation.self) { _ = try elements("[\"\(filler)") }
    #expect(throws: Malformation.self) { _ = try elements("[\"\(filler)\\") }
  }
}
