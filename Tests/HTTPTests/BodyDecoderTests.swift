// Bodies whose end is marked in the plainer ways.

import Testing

@testable import HTTP

struct BodyDecoderTests {
  @Test func `a body of a known length takes that and no more`() {
    let input = Array("helloGET".utf8)
    for portions in Portions.all(input.count) {
      let outcome = feedBody(input, portions, .length(5))
      #expect(outcome.facts == ["body": "hello", "rest": "3"], "\(portions)")
    }
  }

  @Test func `no body is complete before anything came`() {
    func isComplete(_ framing: BodyFraming) -> Bool { BodyDecoder(framing).isComplete }
    #expect(isComplete(.none))
    #expect(!isComplete(.length(1)))
    #expect(!isComplete(.chunked))
    #expect(!isComplete(.untilClose))
  }

  @Test func `only a body until close may be ended by closing`() throws {
    var decoder = BodyDecoder(.untilClose)
    var body: [UInt8] = []
    _ = try decoder.decode(Array("abc".utf8).span, into: &body)
    #expect((decoder.isComplete) == false)
    try decoder.endOfInput()
    #expect(decoder.isComplete && body == Array("abc".utf8))
    for framing in [BodyFraming.length(3), .chunked] {
      var decoder = BodyDecoder(framing)
      #expect(throws: Malformed.truncated) { try decoder.endOfInput() }
    }
  }

  @Test func `a chunked body cut off anywhere is never complete`() {
    let input = Array("5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n".utf8)
    for count in 0..<input.count {
      for portions in [Portions.whole, .bytes] {
        #expect(feedBody(Array(input[..<count]), portions).isIncomplete)
      }
    }
  }

  @Test func `a promise alone takes no memory`() throws {
    var decoder = BodyDecoder(.length(1_000_000))
    var body: [UInt8] = []
    _ = try decoder.decode([0x61].span, into: &body)
    #expect(body.capacity < 2 * HTTPLimits.standard.reservedBodyBytes)
    decoder = BodyDecoder(.chunked)
    body = []
    _ = try decoder.decode(Array("f0000\r\na".utf8).span, into: &body)
    #expect(body == [0x61])
    #expect(body.capacity < 2 * HTTPLimits.standard.reservedBodyBytes)
  }

  @Test func `a body that is announced grows once`() throws {
    for (framing, start) in [(BodyFraming.length(50_000), ""), (.chunked, "c350\r\n")] {
      var decoder = BodyDecoder(framing)
      var body: [UInt8] = []
      _ = try decoder.decode(Array("\(start)a".utf8).span, into: &body)
      #expect(body.capacity >= 50_000)
    }
  }

  @Test func `content is appended to what is there`() throws {
    var decoder = BodyDecoder(.chunked)
    var body = Array("before ".utf8)
    _ = try decoder.decode(Array("5\r\nafter\r\n0\r\n\r\n".utf8).span, into: &body)
    #expect(String(decoding: body, as: UTF8.self) == "before after")
  }

  @Test func `content that was not shown counts as content`() throws {
    for (framing, start, end) in [
      (BodyFraming.length(10), "01", "89"), (.chunked, "a\r\n01", "89\r\n0\r\n\r\n"),
    ] {
      var decoder = BodyDecoder(framing)
      var body: [UInt8] = []
      _ = try decoder.decode(Array(start.utf8).span, into: &body)
      let ahead = decoder.contentAhead
      #expect(ahead == 8)
      body += "234567".utf8
      decoder.skip(6)
      let (rest, isComplete) = (decoder.contentAhead, decoder.isComplete)
      #expect(rest == 2 && !isComplete)
      _ = try decoder.decode(Array(end.utf8).span, into: &body)
      let isAtEnd = decoder.isComplete && decoder.contentAhead == 0
      #expect(isAtEnd)
      #expect(String(decoding: body, as: UTF8.self) == "0123456789")
    }
    var decoder = BodyDecoder(.length(1))
    decoder.skip(1)
    let isComplete = decoder.isComplete
    #expect(isComplete)
  }
}
