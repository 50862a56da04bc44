// The front door: what passes, what is refused, and with which status.

import Testing

@testable import HTTP

struct RequestParserTests {
  @Test func `a request head is read with its path, query and fields`() throws {
    let text = "GET /v1/peering/a?index=7 HTTP/1.1\r\nHost: gate:8501\r\nx-consul-token:  secret \r\n\r\nrest"
    let bytes = Array(text.utf8)
    var parser = RequestParser()
    let head = try #require(try parser.parse(bytes.span))
    #expect(head.method == .get)
    #expect(String(decoding: head.path, as: UTF8.self) == "/v1/peering/a")
    #expect(head.query.map { String(decoding: $0, as: UTF8.self) } == "index=7")
    #expect(head.fields[.xConsulToken]?.text == "secret")
    #expect(head.byteCount == bytes.count - 4)
    #expect(head.isPersistent)
    #expect(head.framing == .none)
  }
}
