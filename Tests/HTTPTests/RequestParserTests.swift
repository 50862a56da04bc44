// What vectors cannot say of the request parser: its state between requests, and its cost.

import Testing

@testable import HTTP

struct RequestParserTests {
  @Test func `pipelined requests are read one after the other`() throws {
    let input = Array(
      ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"
        + "\r\nDELETE /c HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
    var parser = RequestParser()
    var start = 0
    var paths: [String] = []
    while start < input.count {
      let head = try #require(try parser.parse(input.span.extracting(start..<input.count)))
      paths.append(String(decoding: head.path, as: UTF8.self))
      start += head.byteCount
      var body: [UInt8] = []
      var decoder = BodyDecoder(head.framing)
      start += try decoder.decode(input.span.extracting(start..<input.count), into: &body)
      #expect(decoder.isComplete)
    }
    #expect(paths == ["/a", "/b", "/c"])
  }

  @Test func `a request is under way from its first octet`() throws {
    var parser = RequestParser()
    let input = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let none: [UInt8] = []
    #expect(try parser.parse(none.span) == nil && !parser.isUnderWay)
    #expect(try parser.parse(input.span.extracting(0..<1)) == nil && parser.isUnderWay)
    #expect(try parser.parse(input.span) != nil)
    #expect(!parser.isUnderWay)
  }

  @Test func `an empty line alone is no request under way`() throws {
    var parser = RequestParser()
    #expect(try parser.parse([13].span) == nil && !parser.isUnderWay)
  }

  @Test func `a head owns its octets`() throws {
    var parser = RequestParser()
    var input = Array("GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let head = try #require(try parser.parse(input.span))
    for index in input.indices { input[index] = 0 }
    #expect(String(decoding: head.target, as: UTF8.self) == "/a?b")
    #expect(head.fields[.host]?.text == "a")
    #expect(!head.isAsteriskForm)
  }

  // Looking at everything again for each octet would be 10^11 steps and take hours.
  @Test(.timeLimit(.minutes(1))) func `octet by octet costs no more than a look at each`() {
    var limits = HTTPLimits()
    limits.headBytes = 512 * 1024
    limits.fieldLineBytes = limits.headBytes
    var input = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8)
    input += [UInt8](repeating: 0x62, count: limits.headBytes - input.count - 4) + [13, 10, 13, 10]
    #expect(feedRequest(input, .octets, limits: limits).facts["fields"] == "2")
    let trailer = Array("0\r\nX: ".utf8) + [UInt8](repeating: 0x62, count: 500_000) + [13, 10, 13, 10]
    #expect(feedBody(trailer, .octets, limits: limits).facts["rest"] == "0")
  }
}
