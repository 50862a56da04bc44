// The name of a request.

import HTTP
import Testing

@testable import Gate
@testable import Record

@Suite struct RequestIDTests {
  private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  private func id(_ fields: String) throws -> String {
    var parser = RequestParser()
    let head = try #require(try parser.parse(Array("GET / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8).span))
    let id = RequestID(
      try CallerFields(head.fields, recorded: []).requestID, made: FieldValue(literal: "made"))
    return id.shown.text
  }

  @Test func `a safe one of the client's is kept as it is`() throws {
    #expect(try id("X-Request-Id: Client.id_1-x\r\n") == "Client.id_1-x")
    let longest = String(repeating: "a", count: RequestIdentifier.longestBytes)
    #expect(try id("X-Request-Id: \(longest)\r\n") == longest)
    #expect(try id("X-Request-Id: mine\r\nTraceparent: \(Self.trace)\r\n") == "mine")
  }

  @Test(arguments: [
    "", "a b", "a,b", "\"a\"", "a\u{FC}", "<script>", "a;b", "a/b", "{}", String(repeating: "a", count: 129),
  ])
  func `an unsafe one is replaced`(value: String) throws {
    #expect(try id("X-Request-Id: \(value)\r\n") == "made")
  }

  @Test func `bytes that are no text cannot become a name`() throws {
    var bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: ".utf8)
    bytes += [0xFF, 0xFE] + Array("\r\n\r\n".utf8)
    var parser = RequestParser()
    let head = try #require(try parser.parse(bytes.span))
    #expect(
      RequestID(try CallerFields(head.fields, recorded: []).requestID, made: FieldValue(literal: "made"))
        .shown.text
        == "made")
  }

  @Test func `two of them are none`() throws {
    #expect(try id("X-Request-Id: a\r\nX-Request-Id: b\r\n") == "made")
    #expect(try id("X-Request-Id: a\r\nX-Request-Id: a\r\n") == "made")
  }

  @Test func `a trace is no name: any number of requests are part of it`() throws {
    #expect(try id("Traceparent: \(Self.trace)\r\n") == "made")
  }

  @Test func `the gate's own name is nobody else's`() throws {
    var parser = RequestParser()
    let head = try #require(
      try parser.parse(Array("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine\r\n\r\n".utf8).span))
    let id = RequestID(
      try CallerFields(head.fields, recorded: []).requestID, made: FieldValue(literal: "made"))
    #expect(id.own.text == "made")
    #expect(id.shown.text == "mine")
  }

  @Test func `what is no request has a name too`() {
    #expect(RequestID(nil, made: FieldValue(literal: "made")).shown.text == "made")
  }
}
