// What is kept of a connection's fields, and that it never outlives what it was made of.

import Audit
import Digests
import HTTP
import Peering
import Sockets
import Testing

@testable import Consul
@testable import Gate

@Suite struct CallerFieldsTests {
  /// The heads of requests on one connection.
  private func heads(_ fields: String...) throws -> [RequestHead] {
    var parser = RequestParser()
    var heads: [RequestHead] = []
    for fields in fields {
      let bytes = Array("GET /v1/peering/hub HTTP/1.1\r\nHost: gate\r\n\(fields)\r\n".utf8)
      heads.append(try #require(try parser.parse(bytes.span)))
    }
    return heads
  }

  private func request(_ head: RequestHead, last: Caller? = nil) throws -> PeeringRequest {
    var hash = SHA256()
    guard
      case .operation(let request) = try PeeringRequestHead.parse(head, last: last, hash: &hash)
    else { throw Refusal.notServed }
    return try request.completed(by: [UInt8]().span)
  }

  private func settings(_ secret: String? = nil) -> UpstreamSettings {
    UpstreamSettings(
      endpoint: .tcp(host: "127.0.0.1", port: 8500), secret: secret.flatMap { Credential($0) })
  }

  private func text(_ lines: FieldLines) -> String {
    var writer = HeadWriter(response: .ok)
    writer.lines(lines)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test func `the same fields name the same caller, without another look`() throws {
    let heads = try heads("X-Consul-Token: a\r\n", "X-Consul-Token: a\r\n")
    let first = try request(heads[0])
    let second = try request(heads[1], last: first.caller)
    #expect(second.caller === first.caller)
    #expect(second.caller.digest == SHA256.digest(of: "a"))
  }

  @Test(arguments: ["X-Consul-Token: b\r\n", "X-Consul-Token: a \r\nAccept: x\r\n", ""])
  func `other fields name their own caller, anyone who was last`(other: String) throws {
    let heads = try heads("X-Consul-Token: a\r\n", other)
    let first = try request(heads[0])
    let second = try request(heads[1], last: first.caller)
    #expect(second.caller !== first.caller)
    let expected = other.isEmpty ? nil : SHA256.digest(of: other.contains(": b") ? "b" : "a")
    #expect(second.caller.digest == expected)
  }

  @Test func `what goes to Consul changes with the gate's own token`() throws {
    let head = try heads("X-Consul-Token: a\r\n")[0]
    let request = try request(head)
    let fields = try CallerFields(head.fields, recorded: [])
    let (own, other) = (settings("one"), settings("two"))
    let address = FieldValue("192.0.2.7")
    #expect(
      text(fields.forwarded(for: request.caller, to: own, from: address).lines).contains(
        "X-Consul-Token: one\r\n"))
    #expect(
      text(fields.forwarded(for: request.caller, to: own, from: address).lines).contains(
        "X-Consul-Token: one\r\n"))
    let changed = text(fields.forwarded(for: request.caller, to: other, from: address).lines)
    #expect(changed.contains("X-Consul-Token: two\r\n") && !changed.contains("one"))
    let passed = text(fields.forwarded(for: request.caller, to: settings(), from: address).lines)
    #expect(passed.contains("X-Consul-Token: a\r\n") && passed.contains("X-Forwarded-For: 192.0.2.7\r\n"))
  }

  @Test func `the lines of one caller are never another's`() throws {
    let heads = try heads("X-Consul-Token: a\r\n", "X-Consul-Token: b\r\n")
    let fields = try CallerFields(heads[0].fields, recorded: [])
    let settings = settings()
    let first = try request(heads[0])
    let second = try request(heads[1])
    #expect(
      text(fields.forwarded(for: first.caller, to: settings, from: nil).lines).contains(
        "X-Consul-Token: a\r\n"))
    #expect(
      text(fields.forwarded(for: second.caller, to: settings, from: nil).lines).contains(
        "X-Consul-Token: b\r\n"))
  }
}
