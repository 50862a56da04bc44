// A session that ends and goes on as another.

import Sockets
import Support
import Testing

@testable import TLS

@Suite struct SuspendedSessionTests {
  private func pair(_ version: ProtocolVersion) throws -> SessionPair {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    try pair.handshake()
    return pair
  }

  private func wake(_ resting: consuming SuspendedSession) throws -> Session {
    try Session(waking: resting, inbound: ByteQueue(), outbound: ByteQueue())
  }

  private func rested(_ session: Session) throws -> SuspendedSession {
    guard let resting = session.suspend() else { throw NoRest() }
    return resting
  }

  private func rests(_ session: Session) -> Bool {
    let resting = session.suspend()
    return resting != nil
  }

  @Test(arguments: [ProtocolVersion.tls12, .tls13]) func `the conversation goes on`(version: ProtocolVersion)
    throws
  {
    let pair = try pair(version)
    let agreed = pair.server.negotiated
    var server = pair.server
    for round in 0..<5 {
      let resting = try rested(server)
      try pair.client.write("c\(round);".utf8Span.span)
      server = try wake(resting)
      #expect(server.isEstablished)
      #expect(server.negotiated == agreed)
      SessionPair.move(from: pair.client.outbound, to: server.inbound)
      #expect(try server.read(into: pair.serverText) == .progress)
      try server.write("s\(round);".utf8Span.span)
      SessionPair.move(from: server.outbound, to: pair.client.inbound)
      #expect(try pair.client.read(into: pair.clientText) == .progress)
    }
    #expect(pair.serverText.text == "c0;c1;c2;c3;c4;")
    #expect(pair.clientText.text == "s0;s1;s2;s3;s4;")
    try pair.client.close()
    SessionPair.move(from: pair.client.outbound, to: server.inbound)
    #expect(try server.read(into: pair.serverText) == .closed)
  }

  /// Each read that brings nothing gives the buffers back again, wherever in a record it ends.
  @Test(arguments: [ProtocolVersion.tls12, .tls13], [1, 2, 3, 5, 7])
  func `without buffers nothing is lost of what comes in pieces`(version: ProtocolVersion, count: Int) throws
  {
    let pair = try pair(version)
    for session in [pair.server, pair.client] { session.releaseBuffers() }
    try pair.server.write("from the server".utf8Span.span)
    try pair.client.write("from the client".utf8Span.span)
    while pair.exchange(atMost: count) {
      _ = try pair.server.read(into: pair.serverText)
      _ = try pair.client.read(into: pair.clientText)
      pair.server.releaseBuffers()
    }
    #expect(pair.serverText.text == "from the client")
    #expect(pair.clientText.text == "from the server")
  }

  @Test func `who the client is outlasts the rest`() throws {
    let pki = try TestPKI()
    let pair = try SessionPair(
      pki.serverContext(clientCertificates: .required(pki.authority.bundle)),
      pki.clientContext(identity: pki.client("team-a", names: [.uri("spiffe://a")])))
    try pair.handshake()
    let before = try #require(pair.server.peerIdentity)
    let woken = try wake(rested(pair.server))
    #expect(woken.peerIdentity == before)
  }

  @Test func `nothing rests while bytes are on their way, or after the end`() throws {
    let pair = try pair(.tls13)
    try pair.server.write("waits".utf8Span.span)
    #expect(!rests(pair.server))
    pair.exchange()
    try pair.client.write("half".utf8Span.span)
    // Less than the header of its record, just that, and more: OpenSSL holds all of it.
    for count in [3, 2, 1] {
      pair.exchange(atMost: count)
      #expect(try pair.server.read(into: pair.serverText) == .needsInput)
      #expect(pair.server.inbound.isEmpty)
      pair.server.releaseBuffers()
      #expect(!rests(pair.server))
    }
    pair.exchange()
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(pair.serverText.text == "half")
    try pair.client.close()
    pair.exchange()
    #expect(try pair.server.read(into: pair.serverText) == .closed)
    #expect(!rests(pair.server))
  }
}

/// A session that should have rested did not.
struct NoRest: Error {}
