// The name a server must prove, as an operator writes it.

import TLS
import Testing

@Suite struct ServerNameTests {
  @Test(arguments: [
    "localhost", "server.dc1.consul", "a_b.example", "127.0.0.1", "::1", String(repeating: "a", count: 63),
  ])
  func `names and addresses are told apart`(text: String) {
    let isAddress = text.contains(":") || text == "127.0.0.1"
    #expect(ServerName(text) == (isAddress ? .ip(text) : .dns(text)))
  }

  @Test(arguments: ["a.", "localhost.", "server.dc1.consul.", longest + "."])
  func `a name is proved, and asked for, without the dot at its end`(text: String) {
    #expect(ServerName(text) == .dns(String(text.dropLast())))
  }

  /// 253 bytes (RFC 1035 2.3.4), the dot not counted.
  private static let longest =
    (Array(repeating: String(repeating: "a", count: 63), count: 3) + [String(repeating: "a", count: 61)])
    .joined(separator: ".")

  @Test(arguments: [
    "", ".", "..", "a..b", "a..", ".a.", "127.0.0.1.", "::1.", "-a", "a b", "a/b", "https://a", "a:443",
    "[::1]", "*.a", "é", "a\u{0}b",
    String(repeating: "a", count: 64),
    Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
  ])
  func `anything else is refused`(text: String) {
    #expect(ServerName(text) == nil)
  }
}
