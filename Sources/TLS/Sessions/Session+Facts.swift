// What is known about the other side once the handshake is done.

internal import COpenSSL

extension Session {
  /// Nil until the handshake is done.
  package var negotiated: Negotiated? {
    guard isEstablished else { return nil }
    return unsafe lend { ssl in
      guard let version = unsafe ProtocolVersion(wire: SSL_version(ssl)) else { return nil }
      var name: UnsafePointer<UInt8>?
      var count: UInt32 = 0
      unsafe SSL_get0_alpn_selected(ssl, &name, &count)
      let protocolName = unsafe UnsafeBufferPointer(start: name, count: Int(count))
      let suite = unsafe SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl))
      return unsafe Negotiated(
        version: version, cipherSuite: suite.map { unsafe String(cString: $0) } ?? "",
        group: KeyExchangeGroup.agreed(on: ssl),
        applicationProtocol: count == 0 ? nil : Quoted.text(protocolName),
        isResumed: SSL_session_reused(ssl) == 1)
    }
  }

  /// The certificate that the peer proved to hold; nil if it showed none.
  package var peerIdentity: PeerIdentity? {
    guard isEstablished else { return nil }
    return unsafe lend { ssl in
      guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
      return unsafe PeerIdentity(Certificate(adopting: certificate))
    }
  }

  /// How the client was let in; nil until the handshake is done, and of a session that we began.
  package var clientStanding: ClientStanding? {
    guard isEstablished, let rules = serverContext?.ownRules else { return nil }
    return unsafe lend { ssl in
      unsafe ClientStanding(
        rules: rules, version: ProtocolVersion(wire: SSL_version(ssl)),
        proof: ChainProof(of: SSL_get_session(ssl)))
    }
  }

  /// When the first certificate of the peer's chain ends, in seconds since 1970; nil until the handshake is done, and of a
  /// peer that showed none.
  package var proofEnd: Int? {
    guard isEstablished else { return nil }
    return unsafe lend { unsafe ChainProof(of: SSL_get_session($0))?.endsAt }
  }
}
