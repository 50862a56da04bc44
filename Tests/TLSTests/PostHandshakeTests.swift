// What a client may and may not start once the handshake is done.

import COpenSSL
import Sockets
import Support
import Testing

@testable import TLS

@Suite struct PostHandshakeTests {
  private func pair(_ version: ProtocolVersion) throws -> SessionPair {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    try pair.handshake()
    return pair
  }

  @Test func `renegotiation is refused and the session goes on`() throws {
    let pair = try pair(.tls12)
    unsafe pair.client.lend { ssl in
      _ = unsafe SSL_clear_options(ssl, COpenSSL_SSL_OP_NO_RENEGOTIATION)
      #expect(unsafe SSL_renegotiate(ssl) == 1)
      _ = unsafe SSL_do_handshake(ssl)
    }
    pair.exchange()
    #expect(try pair.server.read(into: pair.serverText) == .needsInput)
    // A warning alert, not a new handshake.
    #expect(pair.server.outbound.count < 60)
    pair.exchange()
    #expect(throws: TLSError.self) { try pair.client.read(into: pair.clientText) }
    try pair.server.write("still here".utf8Span.span)
  }

  @Test func `keys are changed when a client asks, and data goes on both ways`() throws {
    let pair = try pair(.tls13)
    for round in 0..<20 {
      unsafe pair.client.lend { ssl in
        #expect(unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1)
      }
      try pair.client.write("c\(round);".utf8Span.span)
      pair.exchange()
      _ = try pair.server.read(into: pair.serverText)
      try pair.server.write("s\(round);".utf8Span.span)
      pair.exchange()
      _ = try pair.client.read(into: pair.clientText)
    }
    #expect(pair.serverText.text == (0..<20).map { "c\($0);" }.joined())
    #expect(pair.clientText.text == (0..<20).map { "s\($0);" }.joined())
  }

  @Test func `no ticket invites early data`() throws {
    let pair = try pair(.tls13)
    unsafe pair.client.lend { ssl in
      #expect(unsafe SSL_SESSION_get_max_early_data(SSL_get_session(ssl)) == 0)
      #expect(unsafe SSL_SESSION_has_ticket(SSL_get_session(ssl)) == 1)
    }
  }

  @Test func `what another connection left in the error queue is not this one's`() throws {
    let pair = try pair(.tls13)
    try pair.client.write("hello".utf8Span.span)
    pair.exchange()
    // A call outside the funnel that fails.
    #expect(unsafe SSL_CTX_new(nil) == nil)
    #expect(ERR_peek_error() != 0)
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(try pair.server.read(into: pair.serverText) == .needsInput)
    #expect(pair.serverText.text == "hello")
  }
}
