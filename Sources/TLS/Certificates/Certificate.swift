// One X.509 certificate, and what is read from it.

internal import COpenSSL

/// Owns an X509.
@safe struct Certificate: ~Copyable {
  private let handle: Owned

  init(adopting pointer: OpaquePointer) {
    unsafe handle = Owned(adopting: pointer, freeing: { unsafe X509_free($0) })
  }

  /// Nil and the reason if the bytes are no certificate, or more than one.
  static func decode(_ der: [UInt8]) -> Certificate? {
    let decoded = unsafe der.withUnsafeBufferPointer { bytes in
      unsafe Call.attempt { () -> OpaquePointer? in
        var position = bytes.baseAddress
        guard let made = unsafe d2i_X509(nil, &position, bytes.count) else { return nil }
        if unsafe position == bytes.baseAddress.map({ unsafe $0 + bytes.count }) { return unsafe made }
        unsafe X509_free(made)
        return nil
      }
    }
    guard case .made(let pointer) = unsafe decoded else { return nil }
    return unsafe Certificate(adopting: pointer)
  }

  borrowing func lend<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try handle.lend(body)
  }

  /// The subject on one line, in RFC 2253 form; what is not printable ASCII is escaped.
  var subject: String {
    unsafe handle.lend { unsafe Self.text(of: X509_get_subject_name($0)) }
  }

  var issuer: String {
    unsafe handle.lend { unsafe Self.text(of: X509_get_issuer_name($0)) }
  }

  /// The serial number, lower-case hexadecimal, two digits a byte.
  var serialNumber: String {
    unsafe handle.lend { certificate in
      guard let serial = unsafe X509_get0_serialNumber(certificate) else { return "" }
      return unsafe Hexadecimal.text(
        UnsafeBufferPointer(start: ASN1_STRING_get0_data(serial), count: Int(ASN1_STRING_length(serial))))
    }
  }

  /// SHA-256 over the whole certificate.
  var fingerprint: [UInt8] {
    unsafe handle.lend { certificate in
      var digest = [UInt8](repeating: 0, count: 32)
      var count: UInt32 = 0
      let made = unsafe X509_digest(certificate, EVP_sha256(), &digest, &count)
      return made == 1 && count == 32 ? digest : []
    }
  }

  var secondsUntilValid: Int {
    unsafe handle.lend { unsafe Self.secondsUntil(X509_get0_notBefore($0)) }
  }

  /// Negative once it has expired.
  var secondsUntilExpired: Int {
    unsafe handle.lend { unsafe Self.secondsUntil(X509_get0_notAfter($0)) }
  }

  /// By name, key identifiers and purpose; the signature is not looked at.
  borrowing func hasIssued(_ other: borrowing Certificate) -> Bool {
    unsafe handle.lend { issuer in
      unsafe other.lend { subject in unsafe X509_check_issued(issuer, subject) == X509_V_OK }
    }
  }

  /// By the signature, which tells apart authorities that have one name and no key identifiers.
  borrowing func hasSigned(_ other: borrowing Certificate) -> Bool {
    unsafe handle.lend { issuer in
      unsafe other.lend { subject in
        let verified = Call.attempt {
          unsafe X509_verify(subject, X509_get0_pubkey(issuer)) == 1 ? true : nil
        }
        if case .made = verified { return true }
        return false
      }
    }
  }

  /// It may issue others (RFC 5280 4.2.1.9), or is so old that it need not say so.
  var isAuthority: Bool { unsafe handle.lend { unsafe X509_check_ca($0) != 0 } }

  /// Those by which clients find a server: mail addresses and URIs are none (RFC 6125 6.2.1).
  var hasHostNames: Bool {
    SubjectAlternativeName.all(of: self).names.contains { name in
      switch name {
      case .dns, .ip: true
      case .uri, .email: false
      }
    }
  }

  /// Why no chain with it above others is accepted, whatever it has signed; nil is nothing.
  func disqualification(as use: CertificateUse) -> String? {
    let purpose = use == .client ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER
    return unsafe handle.lend { certificate in
      if unsafe X509_get_extension_flags(certificate) & UInt32(EXFLAG_CRITICAL) != 0 {
        return "it has a critical extension unknown here"
      }
      if unsafe EVP_PKEY_get_security_bits(X509_get0_pubkey(certificate)) < TLSLimits.keySecurityBits {
        return "its key is too weak"
      }
      if unsafe X509_check_purpose(certificate, purpose, 1) != 1 {
        return "it is not meant for authorities of \(use.rawValue)s (extended key usage)"
      }
      return nil
    }
  }

  func serves(as use: CertificateUse) -> Bool {
    let purpose =
      switch use {
      case .server: X509_PURPOSE_SSL_SERVER
      case .client: X509_PURPOSE_SSL_CLIENT
      }
    return unsafe handle.lend { unsafe X509_check_purpose($0, purpose, 0) == 1 }
  }

  var pem: String {
    get throws(TLSError) { try PEM.text(label: "CERTIFICATE", der: der) }
  }

  var der: [UInt8] {
    unsafe handle.lend { certificate in
      let count = unsafe Int(i2d_X509(certificate, nil))
      guard count > 0 else { return [] }
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
        var position = space.baseAddress
        filled = unsafe Int(i2d_X509(certificate, &position))
      }
    }
  }

  static func secondsUntil(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
    var days: Int32 = 0
    var seconds: Int32 = 0
    // Without a first time it measures from now. A time that cannot be read counts as past.
    guard unsafe ASN1_TIME_diff(&days, &seconds, nil, time) == 1 else { return -1 }
    return Int(days) * 86_400 + Int(seconds)
  }

  static func text(of name: OpaquePointer?) -> String {
    guard let bio = try? PEM.memory() else { return "" }
    return unsafe bio.lend { bio in
      _ = unsafe X509_NAME_print_ex(bio, name, 0, COpenSSL_XN_FLAG_RFC2253)
      // RFC 2253, section 2.4: the text escapes by backslashes whatever is not printable ASCII, and a backslash itself.
      return unsafe Quoted.text(PEM.contents(of: bio).utf8, isEscaped: true)
    }
  }
}
