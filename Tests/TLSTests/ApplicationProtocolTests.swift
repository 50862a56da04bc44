// ALPN: http/1.1 for all who offer it, a clear refusal for those who cannot speak it.

import Sockets
import Support
import Testing

@testable import TLS

@Suite struct ApplicationProtocolTests {
  @Test(arguments: ProtocolVersion.allCases)
  func `a client that offers h2 first gets http/1.1`(version: ProtocolVersion) throws {
    // What Go's client sends, and so the consul CLI.
    try expect("http/1.1", offering: ["h2", "http/1.1"], version)
    try expect("http/1.1", offering: ["http/1.0", "http/1.1"], version)
    try expect("http/1.0", offering: ["http/1.0"], version)
  }

  @Test func `a client without ALPN is served`() throws {
    let pki = try TestPKI()
    let client = try pki.clientContext().offering(protocols: [])
    let pair = try SessionPair(pki.serverContext(), client)
    try pair.handshake()
    #expect(try #require(pair.server.negotiated).applicationProtocol == nil)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `a client that offers only others is refused as RFC 7301 says`(version: ProtocolVersion) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext().offering(protocols: ["h2", "a\nb"]).speaking(only: version)
    let outcome = try SessionPair(pki.serverContext(), client).settle()
    #expect(outcome.server == .peer(.client, .noCommonApplicationProtocol(offered: ["h2", #"a\x0ab"#])))
    #expect(
      outcome.server?.reason == #"client offered only h2, a\x0ab by ALPN; http/1.1 is spoken"#)
    #expect(outcome.client == .alert(Alert(code: 120), from: .server))
  }

  @Test(
    arguments: [
      ([], nil), ([0], nil), ([9] + Array("http/1.1".utf8), nil), ([8] + Array("http/1.1".utf8), 1..<9),
      ([2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8), 4..<12), ([8] + Array("http/1.2".utf8), nil),
      ([7] + Array("http/1.1".utf8), nil), ([8] + Array("HTTP/1.1".utf8), nil), ([255], nil),
    ] as [([UInt8], Range<Int>?)])
  func `the choice stays inside the list`(list: [UInt8], choice: Range<Int>?) {
    #expect(ApplicationProtocol.choose(from: list.span) == choice)
  }

  private func expect(_ name: String, offering offer: [String], _ version: ProtocolVersion) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext().offering(protocols: offer).speaking(only: version)
    let pair = try SessionPair(pki.serverContext(), client)
    try pair.handshake()
    #expect(pair.server.negotiated?.applicationProtocol == name)
    #expect(pair.client.negotiated?.applicationProtocol == name)
  }
}
