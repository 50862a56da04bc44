// Handshakes over memory: versions, keys, and input that arrives in pieces.

import Sockets
import Support
import TLS
import Testing

struct HandshakeTests {
  @Test(arguments: KeyKind.allCases, ProtocolVersion.allCases)
  func `both versions work with both kinds of key`(key: KeyKind, version: ProtocolVersion) throws {
    let pki = try TestPKI(serverKey: key)
    let pair = try SessionPair(pki.serverContext(), pki.clientContext().speaking(only: version))
    try pair.handshake()
    let agreed = try #require(pair.server.negotiated)
    #expect(agreed.version == version)
    #expect(agreed.applicationProtocol == "http/1.1")
    #expect(!agreed.isResumed)
    #expect(pair.client.negotiated == agreed)
  }
}
