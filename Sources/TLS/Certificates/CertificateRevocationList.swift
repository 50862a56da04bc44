// One CRL, and what is read from it.

internal import COpenSSL

/// Owns an X509_CRL.
@safe struct CertificateRevocationList: ~Copyable {
  static let label = "X509 CRL"

  private let handle: Owned

  /// Nil if the bytes are no CRL, or more than one.
  static func decode(_ der: [UInt8]) -> CertificateRevocationList? {
    let decoded = unsafe der.withUnsafeBufferPointer { bytes in
      unsafe Call.attempt { () -> OpaquePointer? in
        var position = bytes.baseAddress
        guard let made = unsafe d2i_X509_CRL(nil, &position, bytes.count) else { return nil }
        if unsafe position == bytes.baseAddress.map({ unsafe $0 + bytes.count }) { return unsafe made }
        unsafe X509_CRL_free(made)
        return nil
      }
    }
    guard case .made(let pointer) = unsafe decoded else { return nil }
    return unsafe CertificateRevocationList(adopting: pointer)
  }

  init(adopting pointer: OpaquePointer) {
    unsafe handle = Owned(adopting: pointer, freeing: { unsafe X509_CRL_free($0) })
  }

  borrowing func lend<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try handle.lend(body)
  }

  var issuer: String {
    unsafe handle.lend { unsafe Certificate.text(of: X509_CRL_get_issuer($0)) }
  }

  /// Seconds since 1970. Without a next update it holds for ever.
  var endsAt: Int {
    unsafe handle.lend { list in
      guard let time = unsafe X509_CRL_get0_nextUpdate(list) else { return .max }
      return unsafe Certificate.seconds(time) ?? 0
    }
  }

  /// When it is time to think of a new one: lists of a day and of a month both have a last quarter.
  var endsSoonAt: Int {
    unsafe handle.lend { list in
      guard let until = unsafe X509_CRL_get0_nextUpdate(list), let end = unsafe Certificate.seconds(until),
        let from = unsafe X509_CRL_get0_lastUpdate(list), let start = unsafe Certificate.seconds(from)
      else { return .max }
      return end - min(TLSLimits.expiresSoonDays * 86_400, max(0, end - start) / 4)
    }
  }

  /// The digest that its signature is over can be made to collide.
  var isWeaklySigned: Bool {
    unsafe handle.lend { list in
      var digest: Int32 = 0
      guard unsafe OBJ_find_sigid_algs(X509_CRL_get_signature_nid(list), &digest, nil) == 1 else {
        return false
      }
      return [NID_sha1, NID_md5, NID_md4, NID_md2, NID_mdc2, NID_ripemd160].contains(digest)
    }
  }

  /// What keeps it from being current; nil is nothing.
  var currency: RevocationListAge? {
    unsafe handle.lend { list in
      if unsafe Certificate.secondsUntil(X509_CRL_get0_lastUpdate(list)) > 0 { return .notYetValid }
      guard let time = unsafe X509_CRL_get0_nextUpdate(list) else { return nil }
      let left = unsafe Certificate.secondsUntil(time)
      return left <= 0 ? .expired(hoursAgo: -left / 3_600) : nil
    }
  }

  /// Why it cannot stand for all that its authority has revoked (RFC 5280, section 5.2): it says only what changed, is
  /// about certificates of others, or means something that we do not know.
  var fault: String? { listFault ?? entryFault }

  private var listFault: String? {
    unsafe handle.lend { list in
      for index in 0..<max(0, unsafe X509_CRL_get_ext_count(list)) {
        let found = unsafe X509_CRL_get_ext(list, index)
        switch unsafe OBJ_obj2nid(X509_EXTENSION_get_object(found)) {
        case NID_delta_crl: return "it is a delta CRL; give the complete one"
        case NID_issuing_distribution_point:
          return "it is for a part of the authority's certificates; give the complete one"
        default:
          if unsafe X509_EXTENSION_get_critical(found) == 1 {
            return "it has a critical extension unknown here"
          }
        }
      }
      return nil
    }
  }

  /// An entry that means something that we do not know may be about a certificate of somebody else's, or not mean that
  /// it is revoked: then nothing of the list may be used (RFC 5280, section 5.3).
  private var entryFault: String? {
    unsafe handle.lend { list in
      let entries = unsafe X509_CRL_get_REVOKED(list)
      for index in 0..<max(0, unsafe OPENSSL_sk_num(entries)) {
        guard let entry = unsafe OPENSSL_sk_value(entries, index).map({ OpaquePointer($0) }) else {
          continue
        }
        for extensionIndex in 0..<max(0, unsafe X509_REVOKED_get_ext_count(entry)) {
          let found = unsafe X509_REVOKED_get_ext(entry, extensionIndex)
          switch unsafe OBJ_obj2nid(X509_EXTENSION_get_object(found)) {
          case NID_crl_reason, NID_invalidity_date: continue
          case NID_certificate_issuer:
            return
              "its entry \(index + 1) is about a certificate of another authority; give each authority's own CRL"
          default:
            if unsafe X509_EXTENSION_get_critical(found) == 1 {
              return "its entry \(index + 1) has a critical extension unknown here"
            }
          }
        }
      }
      return nil
    }
  }

  /// The one of `index` that issued and signed it.
  borrowing func authority(in index: AuthorityIndex) throws(TLSError) -> Fingerprint? {
    let issuer = unsafe handle.lend { unsafe X509_NAME_hash_ex(X509_CRL_get_issuer($0), nil, nil, nil) }
    return try index.first(named: issuer) { (authority) throws(TLSError) -> Fingerprint? in
      try unsafe authority.lend { (authority) throws(TLSError) -> Fingerprint? in
        guard unsafe signed(by: authority) else { return nil }
        return try unsafe Fingerprint(keyOf: authority)
      }
    }
  }

  private borrowing func signed(by authority: OpaquePointer) -> Bool {
    unsafe handle.lend { list in
      guard unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) == 0,
        unsafe X509_get_key_usage(authority) & UInt32(KU_CRL_SIGN) != 0
      else { return false }
      let verified = Call.attempt {
        unsafe X509_CRL_verify(list, X509_get0_pubkey(authority)) == 1 ? true : nil
      }
      if case .made = verified { return true }
      return false
    }
  }

  borrowing func addRevoked(by authority: Fingerprint, to revoked: inout Set<Fingerprint>) throws(TLSError) {
    try unsafe handle.lend { (list) throws(TLSError) in
      let entries = unsafe X509_CRL_get_REVOKED(list)
      for index in 0..<max(0, unsafe OPENSSL_sk_num(entries)) {
        guard let entry = unsafe OPENSSL_sk_value(entries, index) else { continue }
        revoked.insert(
          try unsafe Fingerprint(
            issuer: authority, serial: X509_REVOKED_get0_serialNumber(OpaquePointer(entry))))
      }
    }
  }
}

package enum RevocationListAge: Hashable, Sendable {
  case expired(hoursAgo: Int)
  case notYetValid

  var reason: String {
    switch self {
    case .expired(let hours): "expired \(hours) hours ago"
    case .notYetValid: "is not valid yet"
    }
  }
}
