// What a peer's certificate proved, in a form that can be judged again without the certificates.

internal import COpenSSL
internal import Glibc

/// Of a chain that was verified, from the peer's certificate to the authority that is trusted. It stays with the session,
/// and goes into the tickets that we give: a resumed session has the peer's certificate alone, and not those above it.
package struct ChainProof: Sendable, Hashable {
  struct Link: Sendable, Hashable {
    /// By its issuer's key and its serial number, which is how a CRL names it. Not by the issuer's name, which may be
    /// encoded in different ways.
    let certificate: Fingerprint
    /// The key of the issuer, whose CRL must speak for it; nil of a certificate that is trusted for itself.
    let issuer: Fingerprint?
  }

  /// The peer's own first.
  let links: [Link]
  /// The earliest end of all of them, in seconds since 1970.
  package let endsAt: Int

  init(links: [Link], endsAt: Int) {
    self.links = links
    self.endsAt = endsAt
  }

  /// What proves nothing any more.
  static let none = ChainProof(links: [], endsAt: 0)
}

// In a ticket: the end in eight bytes, then for each link two fingerprints, of which the second is zero if there is none.
extension ChainProof {
  private static let linkBytes = 2 * Fingerprint.byteCount

  var bytes: [UInt8] {
    let end = unsafe withUnsafeBytes(of: Int64(endsAt).bigEndian) { unsafe Array($0) }
    return links.reduce(into: end) { text, link in
      text += link.certificate.bytes
      text += link.issuer?.bytes ?? [UInt8](repeating: 0, count: Fingerprint.byteCount)
    }
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8, (bytes.count - 8).isMultiple(of: Self.linkBytes) else { return nil }
    endsAt = Int(truncatingIfNeeded: bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    links = stride(from: 8, to: bytes.count, by: Self.linkBytes).map { start in
      let issuer = bytes[(start + Fingerprint.byteCount)..<(start + Self.linkBytes)]
      return Link(
        certificate: Fingerprint(bytes: bytes[start..<(start + Fingerprint.byteCount)]),
        issuer: issuer.allSatisfy { $0 == 0 } ? nil : Fingerprint(bytes: issuer))
    }
  }
}

// MARK: From and to OpenSSL

extension ChainProof {
  /// Of a verified chain. `authorities` are the certificates that are trusted for themselves. Nil if it cannot be read.
  init?(ofChain chain: OpaquePointer, authorities: [Fingerprint: Fingerprint]) {
    var links: [Link] = []
    var endsAt = Int.max
    let count = unsafe OPENSSL_sk_num(chain)
    for index in 0..<max(0, count) {
      let above = unsafe index + 1 < count ? OPENSSL_sk_value(chain, index + 1) : nil
      guard let certificate = unsafe OPENSSL_sk_value(chain, index).map({ OpaquePointer($0) }),
        let end = unsafe Certificate.seconds(X509_get0_notAfter(certificate)),
        let link = try? unsafe Self.link(certificate, above.map { OpaquePointer($0) }, authorities)
      else { return nil }
      endsAt = min(endsAt, end)
      links.append(link)
    }
    guard !links.isEmpty else { return nil }
    self.init(links: links, endsAt: endsAt)
  }

  /// Nil if the session is one with a peer that showed no certificate.
  init?(of session: OpaquePointer?) {
    guard let session = unsafe session, unsafe SSL_SESSION_get0_peer(session) != nil else { return nil }
    var data: UnsafeMutableRawPointer?
    var count = 0
    guard unsafe SSL_SESSION_get0_ticket_appdata(session, &data, &count) == 1 else {
      self = .none
      return
    }
    self = ChainProof(unsafe Array(UnsafeRawBufferPointer(start: data, count: count))) ?? .none
  }

  /// Into a session, and so into its tickets.
  func store(in session: OpaquePointer?) -> Bool {
    let bytes = bytes
    return unsafe SSL_SESSION_set1_ticket_appdata(session, bytes, bytes.count) == 1
  }

  private static func link(
    _ certificate: OpaquePointer, _ issuer: OpaquePointer?, _ authorities: [Fingerprint: Fingerprint]
  ) throws(TLSError) -> Link {
    if let known = authorities[try unsafe Fingerprint(ofWhole: certificate)] {
      return Link(certificate: known, issuer: nil)
    }
    // What is not trusted for itself has its issuer above it.
    let issuer = try unsafe Fingerprint(keyOf: issuer ?? certificate)
    return Link(
      certificate: try unsafe Fingerprint(issuer: issuer, serial: X509_get0_serialNumber(certificate)),
      issuer: issuer)
  }
}

extension Fingerprint {
  init(ofWhole certificate: OpaquePointer) throws(TLSError) {
    try unsafe self.init { unsafe X509_digest(certificate, EVP_sha256(), $0, $1) }
  }

  init(keyOf certificate: OpaquePointer) throws(TLSError) {
    try unsafe self.init { unsafe X509_pubkey_digest(certificate, EVP_sha256(), $0, $1) }
  }

  /// What a CRL and a certificate have in common.
  init(issuer: Fingerprint, serial: UnsafePointer<ASN1_INTEGER>?) throws(TLSError) {
    let number = unsafe serial.map { serial in
      // The sign counts: OpenSSL keeps it in the type.
      unsafe [UInt8(truncatingIfNeeded: ASN1_STRING_type(serial))]
        + UnsafeBufferPointer(start: ASN1_STRING_get0_data(serial), count: Int(ASN1_STRING_length(serial)))
    }
    try self.init(of: issuer.bytes, number ?? [])
  }

  private init(
    _ make: (_ digest: UnsafeMutablePointer<UInt8>, _ count: UnsafeMutablePointer<UInt32>) -> Int32
  ) throws(TLSError) {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    var count: UInt32 = 0
    try unsafe digest.withUnsafeMutableBufferPointer { (space) throws(TLSError) in
      try Call.check("X509_digest") { () -> Int32 in
        guard let base = space.baseAddress else { return 0 }
        return unsafe make(base, &count)
      }
    }
    self.init(bytes: digest[...])
  }
}

extension Certificate {
  /// Since 1970; nil if it cannot be read.
  static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
    var parts = unsafe tm()
    guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return unsafe timegm(&parts)
  }
}
