// What is written is what the parsers read back.

import Foundation
import Testing

@testable import HTTP

struct HeadWriterTests {
  @Test func `a reply is written as it must be`() {
    var writer = HeadWriter(response: .forbidden)
    writer.field(.contentType, literal: "text/plain; charset=utf-8")
    writer.field(.contentLength, 0)
    writer.field(.xConsulIndex, UInt64.max)
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 0\r\n"
        + "X-Consul-Index: 18446744073709551615\r\n\r\n")
  }

  @Test func `a request is written as it must be and appended to what is there`() throws {
    var target = RequestTarget(path: "/v1/peering/")
    target.append(segment: Array("a/b?c%é".utf8).span)
    target.append(query: "partition", value: Array("a&b=c;d".utf8).span)
    target.append(query: "index", value: 7)
    target.append(flag: "stale")
    var writer = HeadWriter(request: .delete, target: target, appendingTo: Array("before".utf8))
    writer.field(.xConsulToken, try #require(FieldValue("secret")))
    let expected =
      "beforeDELETE /v1/peering/a%2Fb%3Fc%25%C3%A9?partition=a%26b%3Dc%3Bd&index=7&stale HTTP/1.1\r\n"
      + "X-Consul-Token: secret\r\n\r\n"
    #expect(String(decoding: writer.finish(), as: UTF8.self) == expected)
  }

  @Test func `every status that can be made is read back`() throws {
    for code in UInt16(0)...1000 {
      guard let status = StatusCode(rawValue: code) else {
        #expect(!(100...599).contains(code))
        continue
      }
      var writer = HeadWriter(response: status)
      if !status.isInterim, status != .noContent { writer.field(.contentLength, 0) }
      let bytes = writer.finish()
      var parser = ResponseParser(replyTo: .get)
      if status == .switchingProtocols {
        #expect(throws: Malformed.switchedProtocols) { try parser.parse(bytes.span) }
      } else {
        let head = try parser.parse(bytes.span)
        #expect(head?.status == (status.isInterim ? nil : status))
      }
    }
  }

  @Test func `every known field is read back as itself`() throws {
    var writer = HeadWriter(response: .ok)
    let free = FieldName.allCases.filter { ![.contentLength, .transferEncoding].contains($0) }
    for name in free { writer.field(name, FieldValue(UInt64(name.rawValue))) }
    let bytes = writer.finish()
    var parser = ResponseParser(replyTo: .get)
    let fields = try #require(try parser.parse(bytes.span)).fields
    for name in free { #expect(fields[name]?.number == UInt64(name.rawValue)) }
  }

  @Test func `the buffer that is passed in is reused`() {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(4096)
    let capacity = buffer.capacity
    let writer = HeadWriter(response: .ok, appendingTo: buffer)
    #expect(writer.finish().capacity == capacity)
  }

  @Test func `dates are those of Foundation`() {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    // Both sides of leap days, of years, of centuries, and a walk with an odd step.
    var seconds: [Int64] = [0, 1, 86_399, 86_400, 784_111_777, 951_782_399, 951_782_400, 951_868_800]
    seconds += [4_107_542_399, 4_107_542_400, 253_402_300_799]
    seconds += stride(from: 0, to: 13_000_000_000, by: 24_856_789)
    for second in seconds {
      var bytes: [UInt8] = []
      HTTPDate.append(secondsSinceEpoch: second, to: &bytes)
      let date = Date(timeIntervalSince1970: TimeInterval(second))
      #expect(String(decoding: bytes, as: UTF8.self) == formatter.string(from: date))
    }
  }
}
