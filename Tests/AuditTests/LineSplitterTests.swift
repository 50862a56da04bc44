// Bytes to lines.
import Testing

@testable import Audit

struct LineSplitterTests {
  private func lines(_ text: String, limit: Int, pieces: Int) -> [String] {
    var found: [String] = []
    var splitter = LineSplitter(limit: limit)
    let body = { (line: Span<UInt8>, length: Int) in
      let text = String(decoding: line.indices.map { line[$0] }, as: UTF8.self)
      found.append(length > line.count ? "\(text)…\(length)" : text)
      return true
    }
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      let piece = Array(bytes[start..<min(bytes.count, start + pieces)])
      _ = splitter.read(piece.span, body)
    }
    _ = splitter.finish(body)
    return found
  }

  @Test(arguments: 1...9)
  func `lines are the same in whatever pieces they come`(pieces: Int) {
    #expect(lines("one\ntwo\n\nthree", limit: 100, pieces: pieces) == ["one", "two", "", "three"])
    #expect(lines("", limit: 100, pieces: pieces) == [])
    #expect(lines("\n", limit: 100, pieces: pieces) == [""])
  }

  @Test(arguments: 1...9)
  func `a line below and at the limit is whole, one above it is cut and its length told`(pieces: Int) {
    #expect(lines("abc\nabcd\nabcde\nx", limit: 4, pieces: pieces) == ["abc", "abcd", "abcd…5", "x"])
    #expect(lines("abcdefgh", limit: 4, pieces: pieces) == ["abcd…8"])
  }

  @Test func `reading stops when it is told to`() {
    var splitter = LineSplitter()
    var count = 0
    let goesOn = splitter.read("a\nb\nc\n".utf8.span) { _, _ in
      count += 1
      return count < 2
    }
    #expect(!goesOn && count == 2)
  }
}
