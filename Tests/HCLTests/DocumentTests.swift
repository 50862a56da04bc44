// Texts and what becomes of them, from the vector files.

import HCL
import JSON
import Testing

@Suite struct DocumentTests {
  @Test func `the vectors were found`() {
    #expect(VectorFile.cases("accepted.txt").count >= 21)
    #expect(VectorFile.cases("refused.txt").count >= 44)
    #expect(VectorFile.cases("json.txt").count >= 11)
    #expect(VectorFile.cases("reader.txt").count >= 23)
  }

  @Test(arguments: VectorFile.cases("accepted.txt"))
  func `a good text is read and printed canonically`(_ vector: VectorFile.Case) throws {
    let document = try HCL.Document.parse(Source(file: "x.hcl", text: vector.input))
    #expect(document.canonicalText == vector.expected)
    let again = try HCL.Document.parse(Source(file: "x.hcl", text: document.canonicalText))
    #expect(again.canonicalText == document.canonicalText)
  }

  @Test(arguments: VectorFile.cases("refused.txt"))
  func `a bad text is refused with its place`(_ vector: VectorFile.Case) {
    let error = #expect(throws: SyntaxError.self) {
      _ = try HCL.Document.parse(Source(file: "x.hcl", text: vector.input))
    }
    #expect(error.map { $0.diagnostic.rendered + "\n" } == vector.expected)
  }

  @Test(arguments: VectorFile.cases("json.txt"))
  func `JSON is the same language`(_ vector: VectorFile.Case) throws {
    var result: String
    do throws(SyntaxError) {
      result = try HCL.Document.parse(Source(file: "x.json", text: vector.input)).canonicalText
    } catch {
      result = error.diagnostic.rendered + "\n"
    }
    #expect(result == vector.expected)
  }

  @Test func `JSON is told by its first byte or by the file's name`() throws {
    let text = " \n{\"a\": 1}"
    #expect(try HCL.Document.parse(Source(file: "x.hcl", text: text)).canonicalText == "a = 1\n")
    #expect(try HCL.Document.parse(Source(file: "x.json", text: text)).canonicalText == "a = 1\n")
    #expect(throws: SyntaxError.self) { _ = try HCL.Document.parse(Source(file: "x.json", text: "a = 1")) }
    #expect(try HCL.Document.parse(Source(file: "json", text: "a = 1")).canonicalText == "a = 1\n")
  }

  @Test func `line ends of Windows are space, also in heredocs`() throws {
    let text = "a = 1\r\nb = <<EOF\r\none\r\ntwo\r\nEOF\r\nc = 2\r\n"
    #expect(
      try HCL.Document.parse(Source(file: "x.hcl", text: text)).canonicalText
        == "a = 1\nb = \"one\\ntwo\\n\"\nc = 2\n")
  }

  @Test(arguments: [
    ("\u{FEFF}a = 1", 1, 1), ("a = 1\0", 1, 6), ("a = \"x\0\"", 1, 7), ("a = \"\u{7F}\"", 1, 6),
  ])
  func `control bytes and byte order marks are refused`(_ text: String, _ line: Int, _ column: Int) {
    let error = #expect(throws: SyntaxError.self) {
      _ = try HCL.Document.parse(Source(file: "x", text: text))
    }
    #expect(error?.position == Position(line: line, column: column))
  }

  @Test func `bytes that are not UTF-8 are refused with their place`() {
    let bytes = Array("a = 1\n# \n b = \"".utf8) + [0xC3, 0x28, 0x22]
    let error = #expect(throws: SyntaxError.self) {
      _ = try HCL.Document.parse(Source(file: "x", bytes: bytes))
    }
    #expect(error?.position == Position(line: 3, column: 7))
  }

  @Test func `everything knows its place`() throws {
    let text = "a = \"é\" b = 2\nblock \"l1\" l2 {\n\tc = [1,\n 2] }\n"
    let body = try HCL.Document.parse(Source(file: "x", text: text)).body
    #expect(
      body.attributes.map(\.namePosition) == [Position(line: 1, column: 1), Position(line: 1, column: 10)])
    #expect(
      body.attributes.map(\.value.position) == [Position(line: 1, column: 5), Position(line: 1, column: 14)])
    let block = try #require(body.blocks.first)
    #expect(block.position == Position(line: 2, column: 1))
    #expect(block.labels.map(\.position) == [Position(line: 2, column: 7), Position(line: 2, column: 12)])
    #expect(block.body.position == Position(line: 2, column: 15))
    guard case .list(let values) = block.body.attributes.first?.value.content else {
      Issue.record("c is no list")
      return
    }
    #expect(values.map(\.position) == [Position(line: 3, column: 7), Position(line: 4, column: 2)])
  }
}

@Suite struct HCLLimitsTests {
  private func message(_ text: String) -> String? {
    do throws(SyntaxError) {
      _ = try HCL.Document.parse(Source(file: "x", text: text))
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `nesting ends at the limit`() {
    func blocks(_ depth: Int) -> String {
      String(repeating: "b { ", count: depth) + String(repeating: "} ", count: depth)
    }
    func lists(_ depth: Int) -> String {
      "a = " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    func objects(_ depth: Int) -> String {
      "{" + String(repeating: "\"a\": {", count: depth - 1) + String(repeating: "}", count: depth)
    }
    let limit = HCLLimits.depth
    for nested in [blocks, lists, objects] {
      #expect(message(nested(limit - 1)) == nil)
      #expect(message(nested(limit)) == nil)
      #expect(message(nested(limit + 1))?.contains("nested more than \(limit) deep") == true)
      #expect(message(nested(200_000))?.contains("nested more than \(limit) deep") == true)
    }
  }

  @Test func `side by side is not nested`() {
    let many = String(repeating: "b {} a = [] c = { d = {} }\n", count: HCLLimits.depth * 3)
    #expect(message(many) == nil)
  }

  /// The limit and one above; a third text of this size would take seconds and show nothing more.
  @Test func `length ends at the limit`() {
    let limit = HCLLimits.fileBytes
    func comment(_ bytes: Int) -> String { "#" + String(repeating: "x", count: bytes - 1) }
    #expect(message(comment(limit)) == nil)
    #expect(message(comment(limit + 1)) == "the file is longer than \(limit) bytes")
  }
}
