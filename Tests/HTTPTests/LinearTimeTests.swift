// Whatever a head says, reading it costs time in proportion to its length.

import Support
import Testing

@testable import HTTP

@Suite struct LinearTimeTests {
  /// Large enough that the readers are reached, whatever their text is.
  private static let limits = {
    var limits = HTTPLimits()
    limits.startLineBytes = 1 << 20
    limits.fieldLineBytes = 1 << 20
    limits.headBytes = 4 << 20
    limits.chunkExtensionBytes = 1 << 20
    limits.chunkExtensionTotalBytes = 1 << 20
    limits.fieldCount = 1 << 20
    return limits
  }()

  private static func request(_ head: String) { _ = feedRequest(Array(head.utf8), limits: limits) }
  private static func reply(_ head: String) { _ = feedReply(Array(head.utf8), limits: limits) }

  /// Those that are read, and one for all others.
  private static let fields = [
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "X-Forwarded-For",
  ]

  static let readers: [TextReader] =
    fields.map { field in
      TextReader(field) { text in
        request("GET / HTTP/1.1\r\nHost: a\r\n\(field): \(text)\r\n\r\n")
        request("GET / HTTP/1.1\r\n\(field): 1\(text)\r\nHost: a\r\n\r\n")
      }
    }
    + ["Retry-After", "Content-Length", "Transfer-Encoding", "Connection"].map {
      field in
      TextReader("\(field) of a reply") { text in
        reply("HTTP/1.1 429 \(text)\r\n\(field): \(text)\r\n\r\n")
      }
    }
    + [
      TextReader("method") { request("\($0) / HTTP/1.1\r\nHost: a\r\n\r\n") },
      TextReader("target") { request("GET /\($0)?\($0) HTTP/1.1\r\nHost: a\r\n\r\n") },
      TextReader("version") { request("GET / \($0)\r\nHost: a\r\n\r\n") },
      TextReader("field name") { request("GET / HTTP/1.1\r\n\($0): a\r\nHost: a\r\n\r\n") },
      TextReader("status line") { reply("\($0)\r\n\r\n") },
      TextReader("chunk extension") { _ = feedBody(Array("1;\($0)\r\na\r\n0\r\n\r\n".utf8), limits: limits) },
      TextReader("trailer") { _ = feedBody(Array("0\r\na: \($0)\r\n\r\n".utf8), limits: limits) },
      TextReader("host") { _ = Authority.isValid(Array($0.utf8).span) },
      TextReader("recordable field") { _ = try? RecordableField($0) },
      TextReader("list") { ListElements.forEach(Array($0.utf8).span) { _ in } },
      TextReader("quotation") { _ = Quotation.quote(Array($0.utf8).span) },
      TextReader("field value") { text in
        guard let value = FieldValue(text) else { return }
        _ = RequestIdentifier.isValid(value)
        _ = TraceParent.isValid(value)
        _ = value.number
      },
    ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }

  @Test func `many lines of a head are read in linear time, and what is asked of them answered so`() {
    for line in ["a: b\r\n", "Connection: a\r\n", "X-Forwarded-For: a\r\n", "X-Consul-Token: a\r\n"] {
      let ratio = Growth.ratio(of: line) { lines in
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
        var parser = RequestParser(limits: Self.limits)
        guard let head = try? parser.parse(bytes.span) else { return }
        _ = head.fields.isHopByHop(.upgrade)
        _ = head.fields.occurrences(of: .xConsulToken)
        _ = (try? RecordableField("a")).map { head.fields[$0]?.count }
      }
      #expect(ratio < Growth.limit, "\(line): \(ratio)")
    }
  }

  @Test(arguments: ["a", "a: b\r\n"])
  func `a head that comes byte by byte is read in linear time`(filling: String) {
    let ratio = Growth.ratio(of: filling) { text in
      let start = filling.utf8.count == 1 ? "GET /" : "GET / HTTP/1.1\r\nHost: a\r\n"
      _ = feedRequest(Array((start + text).utf8), .bytes, limits: Self.limits)
    }
    #expect(ratio < Growth.limit)
  }
}
