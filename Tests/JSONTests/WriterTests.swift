// What the writer writes is compact JSON in the order given.

import JSON
import Testing

@Suite struct WriterTests {
  private func written(_ escaping: Escaping = .standard, _ body: (inout Writer) -> Void) -> String {
    var writer = Writer(escaping: escaping)
    body(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test func `commas and colons come by themselves`() {
    let text = written { writer in
      writer.beginObject()
      writer.key("a")
      writer.number(1)
      writer.key("b" as String)
      writer.beginArray()
      writer.string("x")
      writer.null()
      writer.beginObject()
      writer.endObject()
      writer.beginArray()
      writer.endArray()
      writer.endArray()
      writer.key("c")
      writer.bool(false)
      writer.key("d")
      writer.raw(Array("[1, 2]".utf8).span)
      writer.key("e")
      writer.bool(true)
      writer.endObject()
    }
    #expect(text == #"{"a":1,"b":["x",null,{},[]],"c":false,"d":[1, 2],"e":true}"#)
  }

  @Test(arguments: [0, 1, -1, 9, 10, -10, 99, 100, 1_234_567_890, Int.max, Int.min])
  func `numbers are written in full`(_ number: Int) {
    #expect(written { $0.number(number) } == "\(number)")
  }

  @Test func `the largest index is written in full`() {
    #expect(written { $0.number(UInt64.max) } == "18446744073709551615")
  }

  @Test func `what must be escaped is, in its short form where there is one`() {
    let text = "\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{7F}é\u{2028}<>&\u{1F600}"
    let expected = #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é\u{2028}<>&\u{1F600}\""
    #expect(written { $0.string(text) } == expected)
  }

  @Test func `Go's escapes are added on demand`() {
    #expect(
      written(.go) { $0.string("a<b>&\u{2027}\u{2028}\u{2029}\u{202A}é") }
        == #""a\u003cb\u003e\u0026"# + "\u{2027}" + #"\u2028\u2029"# + "\u{202A}é\"")
  }

  @Test func `a key is escaped as well`() {
    let text = written { writer in
      writer.beginObject()
      writer.key("\"\n" as String)
      writer.null()
      writer.endObject()
    }
    #expect(text == #"{"\"\n":null}"#)
  }

  /// At every distance from the start, since eight bytes are looked at in one step.
  @Test(arguments: 0..<20) func `an escape is found at any offset`(_ offset: Int) throws {
    for character in ["\"", "\\", "\u{1F}", "\u{0}"] {
      let text =
        String(repeating: "ü", count: offset / 2) + String(repeating: " ", count: offset % 2) + character
        + "tail"
      let written = written { $0.string(text) }
      #expect(try Document.parse(Array(written.utf8).span).string == text)
      #expect(written.utf8.count > text.utf8.count + 2)
    }
  }

  @Test func `bytes that are not UTF-8 become replacement characters`() {
    let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xC3]
    #expect(written { $0.string(bytes.span) } == "\"a\u{FFFD}b\u{FFFD}\"")
    #expect(written { $0.string(Array("é\"".utf8).span) } == "\"é\\\"\"")
  }

  @Test func `lines can share one array`() {
    var writer = Writer(appendingTo: Array("first\n".utf8))
    writer.beginObject()
    writer.endObject()
    #expect(String(decoding: writer.finish(), as: UTF8.self) == "first\n{}")
  }

  @Test func `what was parsed is written back`() throws {
    let text = #"{"a":[1.50,-0,1e9],"b":{"c":null,"d":"\"é"},"e":[],"f":{},"g":true}"#
    let root = try Document.parse(Array(text.utf8).span)
    #expect(written { $0.value(root.value) } == text)
  }
}

@Suite struct TextTests {
  @Test(arguments: [
    ("", ""), ("abc", "abc"), (#"\u0041\u00e9\u20AC"#, "Aé€"), (#"\ud83d\ude00!"#, "\u{1F600}!"),
    (#"\/\\\""#, "/\\\""),
  ])
  func `escapes are decoded`(_ contents: String, _ text: String) throws {
    #expect(try Text.decode(Array(contents.utf8).span) == text)
  }

  @Test(arguments: [(#"ab\q"#, 2), (#"ab\u00g0"#, 2), (#"a\"#, 1), ("abc\u{1}", 3), (#"x\ud800\u0061"#, 1)])
  func `a bad escape is refused with its offset`(_ contents: String, _ offset: Int) {
    let error = #expect(throws: Malformation.self) { _ = try Text.decode(Array(contents.utf8).span) }
    #expect(error?.offset == offset)
  }
}
