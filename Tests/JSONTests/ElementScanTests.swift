// Scans in turns: what is read in one go is bounded, whatever the text.

import Testing

@testable import JSON

@Suite struct ElementScanTests {
  private let scanner = ElementScanner(seeking: ["Name", "Partition"])

  /// The turns that a scan takes, and the elements that it finds.
  private func scan(_ text: [UInt8], by bytes: Int) throws -> (turns: Int, elements: [ScannedElement]) {
    var scan = ElementScan(of: .list, by: scanner)
    var (turns, elements) = (1, [ScannedElement]())
    while try !scan.advance(in: text.span, by: bytes, { elements.append($0) }) { turns += 1 }
    return (turns, elements)
  }

  private func filled(_ beginning: String, _ piece: String, _ end: String, count: Int) -> [UInt8] {
    Array(beginning.utf8) + Array(repeatElement(Array(piece.utf8), count: count).joined()) + Array(end.utf8)
  }

  private static let turn = 4_096

  @Test(arguments: [
    ("escaped keys", "[{\"Name\":\"a\"", #","\u0041":1"#, "}]"),
    ("values", "[{\"Name\":\"a\",\"x\":[1", ",1", "]}]"),
    ("brackets", "[{\"Name\":\"a\",\"x\":[1", ",[]", "]}]"),
    ("objects", "[{\"Name\":\"a\",\"x\":[1", ",{\"b\":{}}", "]}]"),
    ("values in a list", "[1", ",1", "]"), ("peerings", "[{\"Name\":\"a\"}", ",{\"Name\":\"a\"}", "]"),
    ("unlike peerings", "[{\"Name\":\"a\"}", ",{\"Name\":\"a\",\"x\":[]},{\"Name\":\"a\"}", "]"),
    (
      "peerings with more and more", "[{\"Name\":\"a\",\"x\":null}", ",{\"Name\":\"a\",\"x\":[{\"b\":1}]}",
      "]"
    ),
    ("escaped strings", "[{\"Name\":\"a\",\"x\":[\"\"", #","\n\n""#, "]}]"),
  ])
  func `a long list is read in as many turns as it has bytes for`(
    _ kind: String, _ beginning: String, _ piece: String, _ end: String
  ) throws {
    let text = filled(beginning, piece, end, count: 20_000)
    let whole = try scan(text, by: .max)
    #expect(whole.turns == 1)
    let turns = try scan(text, by: Self.turn)
    // A turn ends with the key, the value or the element that it has begun.
    #expect(turns.turns >= text.count / (Self.turn + piece.utf8.count), "\(kind)")
    #expect(turns.elements.map(\.range) == whole.elements.map(\.range))
  }

  @Test func `an element that is longer than a template is read in turns, and so are those behind it`() throws
  {
    let long = filled("{\"Name\":\"a\"", ",\"x\":1", "}", count: Limits.templateBytes)
    let text = Array("[".utf8) + long + Array(",".utf8) + long + Array("]".utf8)
    let (turns, elements) = try scan(text, by: Self.turn)
    #expect(turns >= text.count / (Self.turn + 6))
    #expect(elements.map(\.range) == [1..<long.count + 1, long.count + 2..<2 * long.count + 2])
  }

  @Test(arguments: [-1, 0, 1])
  func `an element up to the length of a template is one, and a longer one is read as well`(
    _ more: Int
  ) throws {
    let beginning = "{\"Name\":\"a\",\"x\":\""
    let filler = String(repeating: "x", count: Limits.templateBytes + more - beginning.utf8.count - 2)
    let text = Array(
      "[\(beginning)\(filler)\"},\(beginning.replacing("\"a\"", with: "\"b\""))\(filler)\"}]".utf8)
    let (_, elements) = try scan(text, by: .max)
    #expect(elements.map(\.range.count) == [Limits.templateBytes + more, Limits.templateBytes + more])
    #expect(
      elements.map { $0[0] }
        == elements.map { .string($0.range.lowerBound + 9..<$0.range.lowerBound + 10, isEscaped: false) })
  }

  private static let limit = Limits.scannedTokenBytes

  @Test(arguments: [
    ("\"", "a", "\""), ("\"", #"\n"#, "\""), ("\"", "é", "\""), ("", "1", ""), ("1.", "0", ""),
    ("{\"", "a", "\":1}"),
  ])
  func `a string or a number has no more bytes than one go may take`(
    _ beginning: String, _ piece: String, _ end: String
  ) throws {
    let exact = filled("[" + beginning, piece, end + "]", count: Self.limit / piece.utf8.count)
    #expect(try scan(exact, by: .max).elements.count == 1)
    let more = filled("[" + beginning, piece, end + "]", count: Self.limit / piece.utf8.count + 1)
    let error = #expect(throws: Malformation.self) { _ = try scan(more, by: .max) }
    #expect(error?.reason == .tokenTooLong(limitBytes: Self.limit))
  }

  @Test func `nor has the space between two`() throws {
    #expect(try scan(filled("[1", "\t", "]", count: Self.limit), by: .max).elements.count == 1)
    #expect(throws: Malformation.self) { try scan(filled("[1", "\t", "]", count: Self.limit + 1), by: .max) }
  }

  @Test func `lines are counted in every place of a word`() throws {
    for count in 0..<20 {
      for filler in 0..<10 {
        let text = String(repeating: "\n", count: count) + String(repeating: " ", count: filler) + "\n  x"
        let bytes = Array("[\(text)".utf8)
        let error = #expect(throws: Malformation.self) { _ = try scan(bytes, by: .max) }
        #expect(error?.position == Position(line: count + 2, column: 3))
      }
    }
  }
}
