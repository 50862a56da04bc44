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
      #expect((decoder.isComplete) == true)
    }
    #expect(paths == ["/a", "/b", "/c"])
  }

  @Test func `a request is under way from its first byte`() throws {
    var parser = RequestParser()
    let input = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let none: [UInt8] = []
    #expect(try parser.parse(none.span) == nil && !parser.isUnderWay)
    #expect(try parser.parse(input.span.extracting(0..<1)) == nil && parser.isUnderWay)
    #expect(try parser.parse(input.span) != nil)
    #expect((parser.isUnderWay) == false)
  }

  @Test func `an empty line alone is no request under way`() throws {
    var parser = RequestParser()
    #expect(try parser.parse([13].span) == nil && !parser.isUnderWay)
  }

  @Test func `a head owns its bytes`() throws {
    var parser = RequestParser()
    var input = Array("GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    let head = try #require(try parser.parse(input.span))
    for index in input.indices { input[index] = 0 }
    #expect(String(decoding: head.target, as: UTF8.self) == "/a?b")
    #expect(head.fields[.host]?.text == "a")
    #expect(!head.isAsteriskForm)
  }

  @Test func `the fields of the last head serve the next if they are the same`() throws {
    let fields = "Host: a\r\nX-Consul-Token: t\r\n\r\n"
    var parser = RequestParser()
    func head(_ text: String) throws -> RequestHead {
      try #require(try parser.parse(Array(text.utf8).span))
    }
    let first = try head("GET /a HTTP/1.1\r\n" + fields)
    let same = try head("DELETE /longer?x HTTP/1.1\r\n" + fields)
    #expect(same.fields === first.fields)
    #expect(same.method == .delete)
    #expect(String(decoding: same.path, as: UTF8.self) == "/longer")
    #expect(same.fields[.xConsulToken]?.text == "t")
    let other = try head("GET /a HTTP/1.1\r\nHost: a\r\nX-Consul-Token: u\r\n\r\n")
    #expect(other.fields !== first.fields && other.fields[.xConsulToken]?.text == "u")
    let longer = try head("GET /a HTTP/1.1\r\nHost: a\r\nX-Consul-Token: u\r\nX: y\r\n\r\n")
    #expect(longer.fields.count == 3)
    let again = try head("GET /b HTTP/1.1\r\nHost: a\r\nX-Consul-Token: u\r\nX: y\r\n\r\n")
    #expect(again.fields === longer.fields)
    parser.releaseMemory()
    let forgotten = try head("GET /b HTTP/1.1\r\nHost: a\r\nX-Consul-Token: u\r\nX: y\r\n\r\n")
    #expect(forgotten.fields !== longer.fields && forgotten.fields.count == 3)
  }

  @Test(arguments: [-1, 0, 1], ["", "\r\n"])
  func `the same fields can be too much behind a longer line`(excess: Int, before: String) throws {
    var limits = HTTPLimits.standard
    let fields = "Host: a\r\nX: " + String(repeating: "y", count: 80) + "\r\n\r\n"
    let first = "GET /a HTTP/1.1\r\n" + fields
    let second = before + "GET /a" + String(repeating: "a", count: 20) + " HTTP/1.1\r\n" + fields
    limits.startLineBytes = 100
    limits.fieldLineBytes = 100
    limits.headBytes = second.utf8.count - excess
    var parser = RequestParser(limits: limits)
    _ = try #require(try parser.parse(Array(first.utf8).span))
    if excess > 0 {
      #expect(throws: Malformed.headTooLarge(limit: limits.headBytes)) {
        try parser.parse(Array(second.utf8).span)
      }
    } else {
      #expect(try parser.parse(Array(second.utf8).span) != nil)
    }
  }

  // Bytes that were looked at are replaced by NUL, which would be refused if anybody looked again: so
  // byte by byte costs no more than at once.
  @Test func `no byte of a value is looked at twice`() throws {
    var input = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8)
    let value = input.count..<input.count + 5000
    input += [UInt8](repeating: 0x62, count: value.count) + [13, 10, 13, 10]
    var parser = RequestParser()
    for end in 1..<input.count {
      let head = try parser.parse(input.span.extracting(0..<end))
      #expect(head == nil)
      if value.dropFirst().dropLast().contains(end - 1) { input[end - 1] = 0 }
    }
    #expect(try parser.parse(input.span)?.fields.count == 2)
  }

  @Test func `no byte of a trailer is looked at twice`() throws {
    var input = Array("0\r\nX: ".utf8)
    let value = input.count..<input.count + 5000
    input += [UInt8](repeating: 0x62, count: value.count) + [13, 10, 13, 10]
    var decoder = BodyDecoder(.chunked)
    var body: [UInt8] = []
    var consumed = 0
    for end in 1...input.count {
      consumed += try decoder.decode(input.span.extracting(consumed..<end), into: &body)
      if value.dropFirst().dropLast().contains(end - 1) { input[end - 1] = 0 }
    }
    #expect(decoder.isComplete && consumed == input.count)
  }
}
