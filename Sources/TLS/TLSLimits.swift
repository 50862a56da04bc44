// Every size, count and time of this layer.

package enum TLSLimits {
  /// What is read of a peer before it is known whether it speaks TLS (RFC 8446 5.1).
  static let recordHeaderBytes = 5
  /// The plaintext of one record (RFC 8446 5.1).
  static let recordPlaintextBytes = 16_384
  /// Four records: what is encrypted before it is sent. 541 kB take 0.33 ms in such pieces and 2 ms at once, since
  /// the queue then outgrows the cache and what malloc keeps.
  package static let pieceBytes = 4 * recordPlaintextBytes
  /// A certificate, key or CA file; a system's whole CA bundle has about 220 kB.
  static let fileBytes = 1_048_576
  /// A file of CRLs: some 400,000 revoked certificates.
  static let revocationFileBytes = 32 * 1_048_576
  /// Certificates from a peer's to its root, both included.
  static let chainCertificates: Int32 = 8
  /// How long a ticket can resume a session, and how old a ticket key gets before the next takes over.
  package static let ticketLifetimeSeconds = 3_600
  /// New tickets after a full handshake. Clients that talk HTTP keep one connection; each ticket costs a
  /// sealing and 200 bytes.
  static let ticketsPerHandshake = 1
  /// What of a peer's text (a name in its certificate, a protocol it offers) is quoted.
  static let quotedBytes = 256
  /// Names of one kind that are read from a certificate.
  package static let namesPerKind = 64
  /// One of them: more than any that a policy can speak of, so that what was cut matches nothing.
  static let nameBytes = 4_096
  /// What a key must have: RSA from 2,048 on. It is what OpenSSL's security level 2 demands.
  static let keySecurityBits: Int32 = 112
  /// A warning is given when a certificate of ours has less than this to live.
  static let expiresSoonDays = 14
}
