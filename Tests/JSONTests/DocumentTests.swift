// What the strict parser takes, what it refuses, and where it says the fault is.

import Bytes
import JSON
import Testing

@Suite struct DocumentTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "10", "-1.5", "0.0", "1e5", "1E+5", "1.25e-10",
    "18446744073709551615",
    #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u00e9""#, #""\uD83D\uDE00""#,
    "\"é\u{1F600}\"", "\"\u{7F}\"",
    "[]", "[ ]", "[1]", "[1,2]", "[[],[[]]]", "{}", "{ }", #"{"a":1}"#, #"{"a":{"a":1},"b":[{"a":2}]}"#,
    " \t\r\n{ \"a\" : [ 1 , 2 ] } \n", #"{"":0}"#, #"{"a":1,"A":2}"#, #""\u0000""#,
  ])
  func `a well-formed text is read`(_ text: String) throws {
    _ = try Document.parse(Array(text.utf8).span)
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "True", "'a'", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN",
    "Infinity",
    "\"", "\"a", "\"\\", "\"\\\"", #""\x""#, #""\u12""#, #""\u12G4""#, "\"\u{1}\"", "\"a\nb\"", "\"\t\"",
    #""\uD800""#, #""\uDC00""#, #""\uD800\u0041""#, #""\uD800x""#, #""\uDE00\uD83D""#, #""\uD83D\uD83D""#,
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}", "{a:1}", #"{"a"}"#, #"{"a":}"#,
    #"{"a":1,}"#,
    #"{"a":1 "b":2}"#, #"{,"a":1}"#, #"{"a":1]"#, #"{1:2}"#, "1 2", "{}{}", "{} x", "{}\0", "\u{FEFF}{}",
    "// x\n1",
    #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"x":{"a":1,"b":2,"a":null}}"#, "\u{A0}1", "\u{C}1",
  ])
  func `a malformed text is refused`(_ text: String) {
    #expect(throws: Malformation.self) { _ = try Document.parse(Array(text.utf8).span) }
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF],
    ] as [[UInt8]])
  func `a string that is not UTF-8 is refused`(_ bytes: [UInt8]) {
    let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
    let error = #expect(throws: Malformation.self) { _ = try Document.parse(text.span) }
    #expect(error?.reason == .invalidUTF8)
    #expect(error?.offset == 1)
  }

  @Test(arguments: 0...24)
  func `what ends a string, or must not stand in it, is seen wherever it stands`(position: Int) throws {
    let plain = String(repeating: "é", count: position / 2) + String(repeating: "a", count: position % 2)
    for rest in ["", "bcdefgh", "bcdefghijklmnopq"] {
      #expect(try Document.parse(("\"\(plain)\(rest)\"").utf8.span).string == plain + rest)
      #expect(try Document.parse(("\"\(plain)\\\"\(rest)\"").utf8.span).string == plain + "\"" + rest)
      #expect(throws: Malformation.self) { try Document.parse(("\"\(plain)\u{1F}\(rest)\"").utf8.span) }
      #expect(throws: Malformation.self) { try Document.parse(("\"\(plain)\"\(rest)x\"").utf8.span) }
      #expect(throws: Malformation.self) { try Document.parse(("\"\(plain)\(rest)\\").utf8.span) }
    }
  }

  @Test func `every node knows its place`() throws {
    let text = "{\n  \"a\": [1,\r\n\t\"two\"],\n  \"é\": {\"b\" : null}\n}\n"
    let root = try Document.parse(Array(text.utf8).span)
    #expect(root.position == .start)
    let members = try #require(root.object)
    #expect(members.map(\.name) == ["a", "é"])
    #expect(members.map(\.position) == [Position(line: 2, column: 3), Position(line: 4, column: 3)])
    let elements = try #require(root["a"]?.array)
    #expect(elements.map(\.position) == [Position(line: 2, column: 9), Position(line: 3, column: 2)])
    // Columns count bytes: é has two.
    #expect(root["é"]?.position == Position(line: 4, column: 9))
    #expect(root["é"]?["b"]?.position == Position(line: 4, column: 16))
  }

  @Test(arguments: [
    ("[1,\n 2,\n x]", 3, 2, 9), ("{\"a\":1,\n\"a\"\n:2}", 2, 1, 8), ("[\"ok\",\"a\\qb\"]", 1, 9, 8),
    ("[\"\\u0041\\ud800\"]", 1, 9, 8), ("{}\n\n  1", 3, 3, 6), ("[1", 1, 3, 2), ("\n\"abc", 2, 5, 5),
  ])
  func `the fault is named with its place`(_ text: String, line: Int, column: Int, offset: Int) {
    let error = #expect(throws: Malformation.self) { _ = try Document.parse(Array(text.utf8).span) }
    #expect(error?.position == Position(line: line, column: column))
    #expect(error?.offset == offset)
  }

  @Test func `a repeated key is found among many, after escapes are decoded`() {
    let names = (0..<40).map { "\"key\($0)\":0" }.joined(separator: ",")
    let error = #expect(throws: Malformation.self) {
      _ = try Document.parse(Array("{\(names),\"\\u006bey7\":1}".utf8).span)
    }
    #expect(error?.reason == .duplicateKey("key7"))
  }

  @Test func `messages escape what they quote and cut it`() {
    let key = "\u{1B}[31m" + String(repeating: "k", count: 100)
    let quoted = key.replacing("\u{1B}", with: "\\u001b")
    let error = #expect(throws: Malformation.self) {
      _ = try Document.parse(Array("{\"\(quoted)\":1,\"\(quoted)\":2}".utf8).span)
    }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.hasPrefix("line 1, column 117: the key \"\\u{1B}[31mkkk"))
    #expect(message.count < 110)
    #expect(!message.contains("\u{1B}"))
  }

  @Test func `string values stay out of messages`() {
    let error = #expect(throws: Malformation.self) {
      _ = try Document.parse(Array(#"{"PeeringToken":"c2VjcmV0" "x":1}"#.utf8).span)
    }
    #expect(error.map { "\($0)" } == "line 1, column 28: unexpected '\"', expected ',' or '}'")
  }

  @Test func `numbers are kept as they were written`() throws {
    let root = try Document.parse(Array("[1.0,1e2,-7,18446744073709551615,9223372036854775808]".utf8).span)
    let elements = try #require(root.array)
    #expect(elements.map(\.integer) == [nil, nil, -7, nil, nil])
    #expect(elements.map(\.unsignedInteger) == [nil, nil, nil, .max, 1 << 63])
    #expect(elements[0].value == .number("1.0"))
  }
}

@Suite struct LimitsTests {
  private func reason(_ text: String, _ limits: Limits) -> Malformation.Reason? {
    do throws(Malformation) {
      _ = try Document.parse(Array(text.utf8).span, limits: limits)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `nesting ends at the limit`() {
    let limits = Limits(textBytes: 100, depth: 3, values: 100)
    #expect(reason("[[[]]]", limits) == nil)
    #expect(reason(#"[{"a":[1]}]"#, limits) == nil)
    #expect(reason("[[[[]]]]", limits) == .tooDeep(limit: 3))
    #expect(reason(#"[{"a":[{}]}]"#, limits) == .tooDeep(limit: 3))
    #expect(reason("[[[],[]],[[]]]", limits) == nil)
  }

  @Test func `length ends at the limit`() {
    let limits = Limits(textBytes: 4, depth: 3, values: 100)
    #expect(reason("[1]", limits) == nil)
    #expect(reason("[12]", limits) == nil)
    #expect(reason("[123]", limits) == .tooLong(limitBytes: 4))
  }

  @Test func `the count of values ends at the limit`() {
    let limits = Limits(textBytes: 100, depth: 3, values: 4)
    #expect(reason("[1,2]", limits) == nil)
    #expect(reason("[1,2,3]", limits) == nil)
    #expect(reason("[1,2,3,4]", limits) == .tooManyValues(limit: 4))
  }

  @Test func `the deepest standard nesting fits the stack`() {
    let depth = Limits.standard.depth
    #expect(
      reason(String(repeating: "[", count: depth) + String(repeating: "]", count: depth), .standard) == nil)
    #expect(reason(String(repeating: "[", count: 1_000_000), .standard) == .tooDeep(limit: depth))
  }
}
