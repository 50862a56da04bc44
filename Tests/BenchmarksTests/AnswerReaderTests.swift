// Answers: where they end, however they are framed and however they are cut on the way.

import Testing

@testable import benchmarks

@Suite struct AnswerReaderTests {
  /// Feeds `text` in pieces of `size`; what is left of it behind the first complete answer, or nil.
  private func read(_ text: String, piece size: Int, into reader: inout AnswerReader) -> String? {
    let bytes = Array(text.utf8)
    var waiting: [UInt8] = []
    var fed = 0
    while fed < bytes.count {
      let end = min(fed + size, bytes.count)
      waiting += bytes[fed..<end]
      fed = end
      let (consumed, step) = reader.take(waiting.span)
      waiting.removeFirst(consumed)
      switch step {
      case .complete: return String(decoding: waiting + bytes[fed...], as: UTF8.self)
      case .malformed: return nil
      case .needsMore: continue
      }
    }
    return nil
  }

  private static let counted = "HTTP/1.1 200 OK\r\nDate: x\r\ncontent-LENGTH:  5\r\n\r\nhello"
  private static let chunked =
    "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\nA\r\nllo, world\r\n0\r\n\r\n"

  @Test(arguments: 1...80) func `pieces of any size make the same answers`(_ size: Int) {
    var reader = AnswerReader(keepingBody: true)
    #expect(read(Self.counted + "NEXT", piece: size, into: &reader) == "NEXT")
    #expect(reader.status == 200 && reader.body == Array("hello".utf8) && reader.bodyBytes == 5)
    reader.beginNext(keepingBody: true)
    #expect(read(Self.chunked + "NEXT", piece: size, into: &reader) == "NEXT")
    #expect(reader.status == 403 && reader.body == Array("hello, world".utf8) && reader.bodyBytes == 12)
  }

  @Test func `a body that is not kept is counted`() {
    var reader = AnswerReader(keepingBody: false)
    #expect(read(Self.chunked, piece: 7, into: &reader) == "")
    #expect(reader.bodyBytes == 12 && reader.body.isEmpty)
  }

  @Test func `an answer without a body ends with its head`() {
    var reader = AnswerReader(keepingBody: true)
    #expect(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", piece: 100, into: &reader) == "")
  }

  @Test func `a length in another field's value is none`() {
    var reader = AnswerReader(keepingBody: true)
    let text = "HTTP/1.1 200 OK\r\nX: content-length: 9\r\nContent-Length: 2\r\n\r\nab"
    #expect(read(text, piece: 100, into: &reader) == "")
    #expect(reader.bodyBytes == 2)
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nDate: x\r\n\r\n", "nonsense that is no answer\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
  ])
  func `what has no end that can be known is refused`(_ text: String) {
    var reader = AnswerReader(keepingBody: true)
    let bytes = Array(text.utf8)
    #expect(reader.take(bytes.span).step == .malformed)
  }
}
