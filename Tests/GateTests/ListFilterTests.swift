// What of a reply to a list may pass.

import HTTP
import Peering
import Testing

@testable import Consul
@testable import Gate

@Suite struct ListFilterTests {
  private func reply(_ status: UInt16, _ body: String) throws -> UpstreamMessage {
    var parser = ResponseParser(replyTo: .get)
    let bytes = Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n".utf8)
    let head = try #require(try parser.parse(bytes.span))
    return UpstreamMessage(head: head, body: Array(body.utf8))
  }

  @Test(arguments: [
    "Invalid index[{\"Name\":\"hidden\"}]", "[{\"Name\":\"hidden\"}]",
    // With ?pretty
    "Invalid wait time[\n    {\n        \"Name\": \"hidden\"\n    }\n]\n", "x[ \t\r\n{",
    // Not the first of its list, not in a list, in a list of lists, quoted once and twice
    "x[1,{\"Name\":\"hidden\"}]", "[null, {\"Name\":\"hidden\"}]", "x{\"Name\":\"hidden\"}",
    "{ \n\t\"Name\":\"hidden\"}", "[[{\"Name\":\"hidden\"}]]", "\"[1,{\\\"Name\\\":\\\"hidden\\\"}]\"",
    "\"{\\n    \\\"Name\\\"", "\"\\\"{\\\\\\\"Name\\\\\\\"\\\"\"",
  ])
  func `an error with a list behind it is not passed on`(body: String) throws {
    #expect(throws: UpstreamFailure.self) { try ResponseCheck.checkError(try reply(400, body)) }
  }

  @Test(arguments: [
    "", "Permission denied: token with AccessorID 'x' lacks permission 'peering:read'", "[", "{", "[]", "{}[",
    "rpc error: [a] {b}", "Invalid index[]", "{}", "{n\"a\"}", "a {b} \"c\"",
  ])
  func `an error without one is`(body: String) throws {
    try ResponseCheck.checkError(try reply(500, body))
  }

  @Test(arguments: [201, 202, 203, 206, 226] as [UInt16])
  func `a success that is not 200 is no reply to a list`(status: UInt16) throws {
    #expect(throws: UpstreamFailure.self) {
      try ResponseCheck.checkError(try reply(status, "{\"Name\":\"hidden\"}"))
    }
  }
}
