// What of Consul's reply the client reads.

import HTTP
import Peering
import Testing

@testable import Consul
@testable import Gate
@testable import Record

@Suite struct ResponseTests {
  private func reply(_ status: Int, _ fields: String, body: String = "{}") throws -> UpstreamMessage {
    var parser = ResponseParser(replyTo: .get)
    let length = [204, 304].contains(status) ? "" : "Content-Length: \(body.utf8.count)\r\n"
    let head = try #require(
      try parser.parse(Array("HTTP/1.1 \(status) X\r\n\(length)\(fields)\r\n".utf8).span))
    return UpstreamMessage(head: head, body: length.isEmpty ? [] : Array(body.utf8))
  }

  private func fields(of answer: Response) throws -> [(name: FieldName, value: FieldValue)] {
    var writer = HeadWriter(response: answer.status)
    answer.writeFields(to: &writer)
    var fields: [(name: FieldName, value: FieldValue)] = []
    var parser = ResponseParser(replyTo: .head)
    let head = try parser.parse(writer.finish().span)
    head?.fields.forEach { fields.append(($0, $1)) }
    return fields
  }

  private func heading(_ reply: UpstreamMessage, to operation: Peering.Operation = .read) throws -> Response {
    try reply.heading(to: operation, hiding: .none, askedWith: nil).response
  }

  private static let relayed = [
    "Content-Type", "Allow", "Vary", "Retry-After", "X-Consul-Index", "X-Consul-Knownleader",
    "X-Consul-Lastcontact", "X-Consul-Query-Backend", "X-Consul-Default-Acl-Policy",
    "X-Consul-Translate-Addresses", "X-Consul-Effective-Consistency",
  ]

  @Test(arguments: relayed) func `Consul's own fields pass, with their values`(name: String) throws {
    let answer = try heading(reply(200, "\(name): the value\r\n"))
    #expect(try fields(of: answer).map { "\($0.name.spelling): \($0.value.text)" } == ["\(name): the value"])
  }

  @Test(arguments: relayed) func `one that is there twice does not`(name: String) throws {
    #expect(try fields(of: heading(reply(200, "\(name): a\r\n\(name): b\r\n"))).isEmpty)
  }

  @Test(arguments: [
    "Connection: keep-alive", "Keep-Alive: timeout=5", "Set-Cookie: a=b", "Server: Consul", "Via: 1.1 x",
    "Location: http://elsewhere/", "X-Consul-Token: secret", "X-Consul-Results-Filtered-By-Acls: true",
    "Date: Mon, 01 Jan 2026 00:00:00 GMT", "Trailer: X", "X-Request-Id: theirs", "WWW-Authenticate: Basic",
    "Access-Control-Allow-Origin: *", "Proxy-Authenticate: Basic", "X-Unknown: x",
  ])
  func `nothing else does`(field: String) throws {
    #expect(try fields(of: heading(reply(200, field + "\r\n"))).isEmpty)
  }

  @Test(arguments: [200, 204, 301, 304, 400, 403, 404, 429, 500, 503, 599])
  func `the status is Consul's, and so is the sentence of an error`(status: Int) throws {
    let reply = try reply(status, "", body: "no such peering")
    let answer = try heading(reply)
    #expect(Int(answer.status.rawValue) == status)
    #expect(answer.body == (200...299 ~= status ? [] : reply.body))
    #expect(!answer.closes)
  }

  @Test func `a body in a coding that was not asked for is refused`() throws {
    #expect(throws: UpstreamFailure.self) {
      try heading(reply(200, "Content-Encoding: gzip\r\n"))
    }
    #expect(throws: UpstreamFailure.self) {
      try heading(reply(200, "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"))
    }
    #expect(try fields(of: heading(reply(200, "Content-Encoding: Identity\r\n"))).isEmpty)
  }

  @Test func `a sentence is plain text, as Consul's errors are`() throws {
    let answer = Response.text(.forbidden, "no")
    #expect(
      try fields(of: answer).map { "\($0.name.spelling): \($0.value.text)" } == [
        "Content-Type: text/plain; charset=utf-8"
      ])
    #expect(answer.body == Array("no".utf8))
    let later = Response.later(.serviceUnavailable, "no")
    #expect(later.fields.last?.value.text == "\(RecordLimits.retryAfterSeconds)")
  }
}
