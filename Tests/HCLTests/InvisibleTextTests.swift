// Characters that nobody sees, and what is printed of them.

import Bytes
import HCL
import JSON
import Testing

@Suite struct InvisibleTextTests {
  private static let invisible: [Unicode.Scalar] =
    [
      "\u{0}", "\u{8}", "\u{B}", "\u{C}", "\u{1B}", "\u{1F}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}",
      "\u{9F}",
      "\u{AD}",
      "\u{34F}", "\u{61C}", "\u{115F}", "\u{180E}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}",
      "\u{200F}",
      "\u{2028}",
      "\u{2029}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2060}", "\u{2063}",
      "\u{2066}",
      "\u{2067}", "\u{2068}", "\u{2069}", "\u{206F}", "\u{3164}", "\u{FE0F}", "\u{FEFF}", "\u{FFA0}",
      "\u{FFF9}",
      "\u{1D173}", "\u{E0001}", "\u{E0041}", "\u{E007F}",
      "\u{E0100}",
    ] + [0xFDD0, 0xFFFE, 0xFFFF, 0x10FFFF].compactMap { Unicode.Scalar($0 as UInt32) }
  private static let places: [(name: String, file: String, before: String, after: String)] = [
    ("a line comment", "x.hcl", "a = 1 # b", "c\n"), ("a comment with slashes", "x.hcl", "// b", "c\na = 1"),
    ("a block comment", "x.hcl", "/* b", "c */ a = 1"), ("a string", "x.hcl", "a = \"b", "c\""),
    ("a label", "x.hcl", "a \"b", "c\" {}"), ("a quoted key", "x.hcl", "\"b", "c\" = 1"),
    ("a key", "x.hcl", "a", "b = 1"), ("a heredoc", "x.hcl", "a = <<EOF\nb", "c\nEOF\n"),
    ("a heredoc's word", "x.hcl", "a = <<E", "OF\nb\nEOF\n"), ("space", "x.hcl", "a = ", " 1"),
    ("the end", "x.hcl", "a = 1", ""), ("JSON's strings", "x.json", "{\"a\": \"b", "c\"}"),
    ("JSON's keys", "x.json", "{\"b", "c\": 1}"), ("JSON's space", "x.json", "{ ", " \"a\": 1}"),
    ("the end of JSON", "x.json", "{\"a\": 1}", ""),
  ]

  private func fault(_ text: String, file: String) -> SyntaxError? {
    do throws(SyntaxError) {
      _ = try HCL.Document.parse(Source(file: file, text: text))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: places.indices) func `they are refused wherever they stand`(_ index: Int) throws {
    let place = Self.places[index]
    for scalar in Self.invisible {
      let error = try #require(
        fault(place.before + String(scalar) + place.after, file: place.file),
        "\(scalar.codePoint) in \(place.name)")
      let line = place.before.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(error.position == Position(line: line.count, column: (line.last?.utf8.count ?? 0) + 1))
      #expect(!error.diagnostic.rendered.unicodeScalars.contains { $0.isInvisible && $0 != "\n" })
    }
  }

  @Test(arguments: places.indices) func `so is a carriage return alone, and one before a line feed is not`(
    _ index: Int
  ) {
    let place = Self.places[index]
    for bare in ["\r", "\rx", "\r\r\n"] {
      let error = fault(place.before + bare + place.after, file: place.file)
      #expect(error?.message.contains("carriage return without a line feed") == true, "\(place.name)")
    }
    let windows = "a = 1 # b\r\n/* c\r\n */\r\nd = <<EOF\r\nx\r\nEOF\r\n"
    #expect(fault(windows, file: "x.hcl") == nil)
    #expect(fault("{\r\n\"a\": 1\r\n}\r\n", file: "x.json") == nil)
  }

  @Test func `what people read and write is no such character`() {
    let text = "a = \"Grüße, 日本語, Ελλάδα, हिन्दी, café, 😀\" # עברית العربية\u{A0}–…\tx"
    #expect(fault(text, file: "x.hcl") == nil)
  }

  @Test func `an escape that spells one is refused as a value and as a label`() throws {
    for (text, file) in [
      (#"name = "a\u202eb""#, "x.hcl"), (#"name = "x" tags = ["\u200b"]"#, "x.hcl"),
      (#"name = "\u0000""#, "x.hcl"),
      (#"name = "x" peering "\U000e0041" { policy = "read" }"#, "x.hcl"), (#"name = "a\nb""#, "x.hcl"),
      (#"{"name": "a\u202eb"}"#, "x.json"),
      (#"{"name": "x", "peering": {"\u2066": {"policy": "read"}}}"#, "x.json"),
      (#"{"name": "\u0000"}"#, "x.json"), ("name = <<EOF\na\nEOF\n", "x.hcl"),
    ] {
      let report = Report()
      readSample(try HCL.Document.parse(Source(file: file, text: text)), into: report)
      #expect(report.diagnostics.count == 1, "\(text)")
      #expect(
        report.diagnostics.first?.message.hasPrefix("the text holds the invisible character U+") == true)
    }
  }

  @Test func `file names, source lines and keys are printed escaped`() throws {
    let name = "a\u{1B}[2J\u{202E}lch\n.hcl"
    let source = Source(file: name, text: "\u{1B}]0;x\u{7}\t\u{202E}\u{E0041}\n")
    let rendered = source.error(at: Position(line: 1, column: 8), "m").rendered
    #expect(
      rendered == """
        a\\u001b[2J\\u202elch\\u000a.hcl:1:8: error: m
        \\u001b]0;x\\u0007\t\\u202e\\U000e0041
        \(String(repeating: " ", count: 16))\t^
        """)
    #expect(Quoting.quoted("a\u{202E}\u{E0041}") == #""a\u202e\U000e0041""#)
    let report = Report()
    readSample(try HCL.Document.parse(Source(file: "x", text: #"name = "x" "\u202e" = 1"#)), into: report)
    #expect(report.diagnostics.map(\.message).first?.hasPrefix(#"unknown key "\u202e""#) == true)
  }

  @Test func `a caret stands under its character, whatever marks stand on those before it`() {
    let source = Source(file: "x", text: "e\u{301}e\u{301} ?")
    let rendered = source.error(at: Position(line: 1, column: 8), "m").rendered
    #expect(rendered.hasSuffix("\n   ^"))
  }
}
