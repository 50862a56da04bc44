// Makes CRLs, for tests only.

internal import COpenSSL

extension DevelopmentAuthority {
  /// Revokes the certificates that `identities` show first, by any issuer.
  ///
  /// - Parameters:
  ///   - entryExtension: of each entry, in the form of OpenSSL's configuration.
  ///   - isWeaklySigned: over SHA-1.
  package func revocationListPEM(
    of identities: [Identity], validity: Validity = Validity(fromSeconds: -3_600, untilSeconds: 86_400),
    entryExtension: (name: String, value: String)? = nil, isWeaklySigned: Bool = false
  ) throws(TLSError) -> String {
    let made = try unsafe CertificateRevocationList(
      adopting: Call.make("X509_CRL_new") { unsafe X509_CRL_new() })
    let signer = try signer()
    try unsafe made.lend { (list) throws(TLSError) in
      try unsafe Self.fill(list, signer, identities, validity, entryExtension, isWeaklySigned)
    }
    let der = unsafe made.lend { list in
      let count = unsafe max(0, Int(i2d_X509_CRL(list, nil)))
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
        var position = space.baseAddress
        filled = unsafe max(0, Int(i2d_X509_CRL(list, &position)))
      }
    }
    return try PEM.text(label: CertificateRevocationList.label, der: der)
  }

  private static func fill(
    _ list: OpaquePointer, _ signer: borrowing CertificateForge.Signer, _ identities: [Identity],
    _ validity: Validity, _ entryExtension: (name: String, value: String)?, _ isWeaklySigned: Bool
  ) throws(TLSError) {
    try Call.check("X509_CRL_set_version") { unsafe X509_CRL_set_version(list, Int(X509_CRL_VERSION_2)) }
    let from = try unsafe Owned.adopt(
      "X509_gmtime_adj", freeing: { unsafe ASN1_STRING_free(UnsafeMutablePointer($0)) }
    ) {
      unsafe X509_gmtime_adj(nil, validity.fromSeconds).map { OpaquePointer($0) }
    }
    let until = try unsafe Owned.adopt(
      "X509_gmtime_adj", freeing: { unsafe ASN1_STRING_free(UnsafeMutablePointer($0)) }
    ) {
      unsafe X509_gmtime_adj(nil, validity.untilSeconds).map { OpaquePointer($0) }
    }
    try unsafe from.lend { (from) throws(TLSError) in
      try unsafe until.lend { (until) throws(TLSError) in
        try Call.check("X509_CRL_set1_lastUpdate") {
          unsafe X509_CRL_set1_lastUpdate(list, UnsafePointer(from))
        }
        try Call.check("X509_CRL_set1_nextUpdate") {
          unsafe X509_CRL_set1_nextUpdate(list, UnsafePointer(until))
        }
      }
      for identity in identities {
        guard let certificate = Certificate.decode(identity.chain[0]) else { continue }
        try unsafe certificate.lend { (certificate) throws(TLSError) in
          let entry = try unsafe Call.make("X509_REVOKED_new") { unsafe X509_REVOKED_new() }
          // From here on the list owns it.
          try Call.check("X509_CRL_add0_revoked") {
            unsafe X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate))
            unsafe X509_REVOKED_set_revocationDate(entry, UnsafeMutablePointer(from))
            return unsafe X509_CRL_add0_revoked(list, entry)
          }
          guard let (name, value) = entryExtension else { return }
          let made = try unsafe Owned.adopt(
            "X509V3_EXT_conf", freeing: { unsafe X509_EXTENSION_free($0) }
          ) {
            unsafe X509V3_EXT_conf(nil, nil, name, value)
          }
          try unsafe made.lend { (made) throws(TLSError) in
            try Call.check("X509_REVOKED_add_ext") { unsafe X509_REVOKED_add_ext(entry, made, -1) }
          }
        }
      }
    }
    try unsafe signer.certificate.lend { (authority) throws(TLSError) in
      try Call.check("X509_CRL_set_issuer_name") {
        unsafe X509_CRL_set_issuer_name(list, X509_get_subject_name(authority))
      }
    }
    try unsafe signer.key.lend { (key) throws(TLSError) in
      try Call.check("X509_CRL_sign") {
        unsafe X509_CRL_sign(list, key, isWeaklySigned ? EVP_sha1() : EVP_sha256())
      }
    }
  }

  /// As an identity, to be revoked by the one above.
  package var shown: Identity { Identity(chain: identity.chain, key: identity.key, warnings: []) }
}
