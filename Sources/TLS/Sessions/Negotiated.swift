// What the two sides agreed on.

package struct Negotiated: Sendable, Hashable {
  package let version: ProtocolVersion
  /// The IANA name: `TLS_AES_128_GCM_SHA256`.
  package let cipherSuite: String
  /// `X25519`; nil of a session that was resumed under TLS 1.2.
  package let group: String?
  /// `http/1.1`, or nil if the client did not ask by ALPN.
  package let applicationProtocol: String?
  package let isResumed: Bool
}
