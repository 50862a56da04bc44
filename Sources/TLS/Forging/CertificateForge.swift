// Makes keys and certificates, for development and tests only.

internal import COpenSSL

package enum KeyKind: Sendable, Hashable, CaseIterable {
  case ecdsaP256
  case rsa2048
}

/// From when to when a certificate holds, in seconds from now; both may lie in the past.
package struct Validity: Sendable, Hashable {
  package let fromSeconds: Int
  package let untilSeconds: Int

  package init(fromSeconds: Int, untilSeconds: Int) {
    self.fromSeconds = fromSeconds
    self.untilSeconds = untilSeconds
  }

  /// From an hour ago, since clocks differ.
  package static func days(_ days: Int) -> Validity {
    Validity(fromSeconds: -3_600, untilSeconds: days * 86_400)
  }
}

enum CertificateForge {
  enum Role {
    case authority
    case server
    case client
  }

  struct Order {
    let commonName: String
    let names: [SubjectAlternativeName]
    let role: Role
    let validity: Validity
  }

  struct Signer: ~Copyable {
    let certificate: Certificate
    let key: PrivateKey
  }

  static func makeKey(_ kind: KeyKind) throws(TLSError) -> PrivateKey {
    switch kind {
    case .ecdsaP256: return try makeKey(curve: "prime256v1")
    case .rsa2048:
      return try unsafe makeKey(EVP_PKEY_RSA) { (maker) throws(TLSError) in
        try Call.check("EVP_PKEY_CTX_set_rsa_keygen_bits") {
          unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(maker, 2_048)
        }
      }
    }
  }

  static func makeKey(curve: String) throws(TLSError) -> PrivateKey {
    try unsafe makeKey(EVP_PKEY_EC) { (maker) throws(TLSError) in
      try Call.check("EVP_PKEY_CTX_set_group_name") { unsafe EVP_PKEY_CTX_set_group_name(maker, curve) }
    }
  }

  private static func makeKey(
    _ algorithm: Int32, _ configure: (OpaquePointer) throws(TLSError) -> Void
  ) throws(TLSError) -> PrivateKey {
    let maker = try unsafe Owned.adopt("EVP_PKEY_CTX_new_id", freeing: { unsafe EVP_PKEY_CTX_free($0) }) {
      unsafe EVP_PKEY_CTX_new_id(algorithm, nil)
    }
    return try unsafe maker.lend { (maker) throws(TLSError) in
      try Call.check("EVP_PKEY_keygen_init") { unsafe EVP_PKEY_keygen_init(maker) }
      try unsafe configure(maker)
      var key: OpaquePointer?
      try Call.check("EVP_PKEY_generate") { unsafe EVP_PKEY_generate(maker, &key) }
      return unsafe PrivateKey(adopting: try Call.make("EVP_PKEY_generate") { unsafe key })
    }
  }

  /// Without a signer the certificate signs itself.
  static func make(
    _ order: Order, key: borrowing PrivateKey, signer: borrowing Signer?
  ) throws(TLSError) -> Certificate {
    let made = unsafe Certificate(adopting: try Call.make("X509_new") { unsafe X509_new() })
    try unsafe made.lend { (certificate) throws(TLSError) in
      try unsafe fill(certificate, order)
      try unsafe key.lend { (key) throws(TLSError) in
        try Call.check("X509_set_pubkey") { unsafe X509_set_pubkey(certificate, key) }
      }
      switch signer {
      case .none:
        try unsafe extend(certificate, order, issuer: certificate)
        try unsafe sign(certificate, issuer: certificate, with: key)
      case .some(let signer):
        try unsafe signer.certificate.lend { (issuer) throws(TLSError) in
          try unsafe extend(certificate, order, issuer: issuer)
          try unsafe sign(certificate, issuer: issuer, with: signer.key)
        }
      }
    }
    return made
  }

  private static func fill(_ certificate: OpaquePointer, _ order: Order) throws(TLSError) {
    var serial: UInt64 = 0
    try unsafe withUnsafeMutableBytes(of: &serial) { (bytes) throws(TLSError) in
      try Call.check("RAND_bytes") { unsafe RAND_bytes(bytes.baseAddress, Int32(bytes.count)) }
    }
    try Call.check("X509_set_version") { unsafe X509_set_version(certificate, Int(X509_VERSION_3)) }
    try Call.check("ASN1_INTEGER_set_uint64") {
      // Positive in its eight bytes (RFC 5280 4.1.2.2).
      unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1)
    }
    _ = try unsafe Call.make("X509_gmtime_adj") {
      unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), order.validity.fromSeconds)
    }
    _ = try unsafe Call.make("X509_gmtime_adj") {
      unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), order.validity.untilSeconds)
    }
    let name = Array(order.commonName.utf8)
    try Call.check("X509_NAME_add_entry_by_NID") {
      unsafe X509_NAME_add_entry_by_NID(
        X509_get_subject_name(certificate), NID_commonName, MBSTRING_FLAG, name, Int32(name.count), -1, 0)
    }
  }

  private static func extend(
    _ certificate: OpaquePointer, _ order: Order, issuer: OpaquePointer
  ) throws(TLSError) {
    var extensions: [(Int32, String)] = []
    switch order.role {
    case .authority:
      extensions.append((NID_basic_constraints, "critical,CA:TRUE"))
      extensions.append((NID_key_usage, "critical,keyCertSign,cRLSign"))
    case .server:
      extensions.append((NID_basic_constraints, "critical,CA:FALSE"))
      extensions.append((NID_key_usage, "critical,digitalSignature"))
      extensions.append((NID_ext_key_usage, "serverAuth"))
    case .client:
      extensions.append((NID_basic_constraints, "critical,CA:FALSE"))
      extensions.append((NID_key_usage, "critical,digitalSignature"))
      extensions.append((NID_ext_key_usage, "clientAuth"))
    }
    extensions.append((NID_subject_key_identifier, "hash"))
    if order.role != .authority { extensions.append((NID_authority_key_identifier, "keyid")) }
    for (kind, value) in extensions {
      var context = unsafe X509V3_CTX()
      unsafe X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
      let made = try unsafe Owned.adopt("X509V3_EXT_conf_nid", freeing: { unsafe X509_EXTENSION_free($0) }) {
        unsafe X509V3_EXT_conf_nid(nil, &context, kind, value)
      }
      try unsafe made.lend { (made) throws(TLSError) in
        try Call.check("X509_add_ext") { unsafe X509_add_ext(certificate, made, -1) }
      }
    }
    try unsafe SubjectAlternativeName.add(order.names, to: certificate)
  }

  private static func sign(
    _ certificate: OpaquePointer, issuer: OpaquePointer, with key: borrowing PrivateKey
  ) throws(TLSError) {
    try Call.check("X509_set_issuer_name") {
      unsafe X509_set_issuer_name(certificate, X509_get_subject_name(issuer))
    }
    try unsafe key.lend { (key) throws(TLSError) in
      try Call.check("X509_sign") { unsafe X509_sign(certificate, key, EVP_sha256()) }
    }
  }
}
