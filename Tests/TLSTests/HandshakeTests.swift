// Handshakes over memory: versions, keys, input in pieces, and who is refused with which words.

import COpenSSL
import Sockets
import Support
import Testing

@testable import TLS

@Suite struct HandshakeTests {
  @Test func `the group is known on both sides, and the best that the library has comes first`() throws {
    #expect(
      [["X25519MLKEM768"], []].map { $0 + ["X25519", "P-256", "P-384"] }.contains(KeyExchangeGroup.offered))
    let pki = try TestPKI()
    let ours = try SessionPair(pki.serverContext(), pki.clientContext())
    try ours.handshake()
    #expect(ours.server.negotiated?.group == KeyExchangeGroup.offered.first)
    #expect(ours.client.negotiated?.group == KeyExchangeGroup.offered.first)
  }

  @Test(arguments: KeyKind.allCases, ProtocolVersion.allCases)
  func `both versions work with both kinds of key`(key: KeyKind, version: ProtocolVersion) throws {
    let pki = try TestPKI(serverKey: key)
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    try pair.handshake()
    let agreed = try #require(pair.server.negotiated)
    #expect(agreed.version == version)
    #expect(agreed.applicationProtocol == "http/1.1")
    #expect(agreed.cipherSuite.contains("AES_128_GCM"))
    #expect(!agreed.isResumed)
    #expect(pair.client.negotiated == agreed)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func `input that comes byte by byte gives the same session`(version: ProtocolVersion) throws {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    #expect(try pair.server.handshake() == .needsInput)
    try pair.handshake(atMost: 1)
    try pair.client.write("GET / HTTP/1.1\r\n\r\n".utf8Span.span)
    var steps: Set<Session.Step> = []
    while SessionPair.move(from: pair.client.outbound, to: pair.server.inbound, atMost: 1) {
      steps.insert(try pair.server.read(into: pair.serverText))
    }
    #expect(pair.serverText.text == "GET / HTTP/1.1\r\n\r\n")
    #expect(steps == [.needsInput, .progress])
  }

  @Test func `facts are known only once the handshake is done`() throws {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext())
    #expect(pair.server.negotiated == nil)
    #expect(pair.client.peerIdentity == nil)
    try pair.handshake()
    #expect(pair.server.negotiated != nil)
    #expect(pair.client.peerIdentity?.dnsNames == ["localhost"])
    #expect(pair.server.peerIdentity == nil)
  }

  @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
  func `versions before 1.2 are refused`(version: Int32) throws {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    let outcome = pair.settle()
    #expect(outcome.server == .peer(.client, .noCommonVersion))
    #expect(outcome.client == .alert(Alert(code: 70), from: .server))
  }

  @Test func `a minimum of 1.3 refuses 1.2`() throws {
    let pki = try TestPKI()
    let pair = try SessionPair(
      pki.serverContext(minimumVersion: .tls13), pki.clientContext().speaking(only: .tls12))
    #expect(pair.settle().server == .peer(.client, .noCommonVersion))
    let modern = try SessionPair(pki.serverContext(minimumVersion: .tls13), pki.clientContext())
    try modern.handshake()
  }

  @Test(arguments: [
    "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES128-CCM",
  ])
  func `suites without AEAD or forward secrecy are refused`(suite: String) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext().speaking(only: TLS1_2_VERSION).offering(suites: suite)
    let outcome = try SessionPair(pki.serverContext(), client).settle()
    #expect(outcome.server == .peer(.client, .noCommonCipherSuite))
    #expect(outcome.client?.reason == "server refused the connection: handshake failure (alert 40)")
  }

  @Test(arguments: [
    ("ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256", "CHACHA20"),
    ("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256", "AES_128_GCM"),
  ])
  func `the server prefers AES-128 unless the client puts CHACHA20 first`(offer: String, chosen: String)
    throws
  {
    let pki = try TestPKI()
    let client = try pki.clientContext().speaking(only: .tls12).offering(suites: offer)
    let pair = try SessionPair(pki.serverContext(), client)
    try pair.handshake()
    #expect(try #require(pair.server.negotiated).cipherSuite.contains(chosen))
  }

  @Test(arguments: ["X25519", "P-256", "P-384"])
  func `each of the three groups will do`(group: String) throws {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().offering(groups: group))
    try pair.handshake()
    #expect(pair.server.negotiated?.group == group)
  }

  @Test(arguments: ["P-521", "X448", "ffdhe2048"])
  func `another group is refused`(group: String) throws {
    let pki = try TestPKI()
    let client = try pki.clientContext().offering(groups: group).speaking(only: .tls13)
    let outcome = try SessionPair(pki.serverContext(), client).settle()
    #expect(outcome.server == .peer(.client, .noCommonGroup))
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", PeerFault.plaintextHTTP),
    ("POST /v1/peering/token HTTP/1.1\r\n\r\n", .plaintextHTTP),
    ("CONNECT a:443 HTTP/1.1\r\n\r\n", .plaintextHTTP),
    ("OPTIONS * HTTP/1.1\r\n\r\n", .plaintextHTTP), ("DELETE /v1/peering/a HTTP/1.1\r\n\r\n", .plaintextHTTP),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .plaintextHTTP), ("GE / HTTP/1.1\r\n\r\n", .notTLS),
    ("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", .notTLS),
    ("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", .notTLS),
  ])
  func `what is not TLS is named`(bytes: String, fault: PeerFault) throws {
    let server = try Session(
      accepting: TestPKI().serverContext(), inbound: ByteQueue(), outbound: ByteQueue())
    server.inbound.append(bytes.utf8Span.span)
    #expect(throws: TLSError.peer(.client, fault)) { try server.handshake() }
    // No alert for one who could not read it: the outbound queue is free for an answer in plain HTTP.
    #expect(fault != .plaintextHTTP || server.outbound.isEmpty)
    // The fault stays: OpenSSL is not called again.
    #expect(throws: TLSError.peer(.client, fault)) { try server.handshake() }
    #expect(throws: TLSError.peer(.client, fault)) { try server.read(into: ByteQueue()) }
  }

  @Test func `plain HTTP that comes byte by byte is named, too`() throws {
    for text in ["GET / HTTP/1.1\r\n", "DELETE / HTTP/1.1\r\n", "OPTIONS"] {
      let server = try Session(
        accepting: TestPKI().serverContext(), inbound: ByteQueue(), outbound: ByteQueue())
      #expect(throws: TLSError.peer(.client, .plaintextHTTP)) {
        for byte in text.utf8 {
          server.inbound.append([byte])
          _ = try server.handshake()
        }
      }
    }
  }

  @Test func `a client that leaves in the middle of the handshake is truncated`() throws {
    let pki = try TestPKI()
    let pair = try SessionPair(pki.serverContext(), pki.clientContext())
    _ = try pair.client.handshake()
    pair.exchange(atMost: 100)
    #expect(try pair.server.handshake() == .needsInput)
    pair.server.endInput()
    #expect(throws: TLSError.truncated(by: .client)) { try pair.server.handshake() }
  }

  @Test func `a client that connects and leaves is truncated`() throws {
    let server = try Session(
      accepting: TestPKI().serverContext(), inbound: ByteQueue(), outbound: ByteQueue())
    server.endInput()
    #expect(throws: TLSError.truncated(by: .client)) { try server.handshake() }
  }

  @Test func `every flipped byte of the first flight is refused or ignored, never worse`() throws {
    let pki = try TestPKI()
    let context = try pki.serverContext()
    let first = try SessionPair(context, pki.clientContext())
    _ = try first.client.handshake()
    let hello = first.client.outbound.contents
    for position in hello.indices {
      let server = try Session(accepting: context, inbound: ByteQueue(), outbound: ByteQueue())
      var bytes = hello
      bytes[position] ^= 0xFF
      server.inbound.append(bytes)
      do throws(TLSError) {
        let step = try server.handshake()
        #expect(step == .needsInput)
      } catch {
        #expect(error.party == .peer, "byte \(position): \(error)")
      }
    }
  }
}
