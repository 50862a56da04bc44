// What server and client contexts have in common: versions, suites, groups, certificates.

internal import COpenSSL

enum ContextBuilder {
  // AEAD with forward secrecy only. AES-128 first: with hardware AES it is the fastest, and a client without it
  // puts CHACHA20 first and is heeded.
  private static let suites12 = """
    ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
    ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
    ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
    """
  private static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
  // 112 bits: RSA from 2,048 on, no SHA-1. Set here because a distribution's openssl.cnf may say otherwise.
  private static let securityLevel: Int32 = 2

  static func make(
    _ method: OpaquePointer?, minimumVersion: ProtocolVersion
  ) throws(TLSError) -> Owned {
    let handle = try unsafe Owned.adopt("SSL_CTX_new", freeing: { unsafe SSL_CTX_free($0) }) {
      unsafe SSL_CTX_new(method)
    }
    try unsafe handle.lend { (context) throws(TLSError) in
      unsafe SSL_CTX_set_security_level(context, securityLevel)
      try Call.check("SSL_CTX_set_min_proto_version") {
        unsafe COpenSSL_SSL_CTX_set_min_proto_version(context, minimumVersion.wire)
      }
      try Call.check("SSL_CTX_set_max_proto_version") {
        unsafe COpenSSL_SSL_CTX_set_max_proto_version(context, ProtocolVersion.tls13.wire)
      }
      try Call.check("SSL_CTX_set_cipher_list") { unsafe SSL_CTX_set_cipher_list(context, suites12) }
      try Call.check("SSL_CTX_set_ciphersuites") { unsafe SSL_CTX_set_ciphersuites(context, suites13) }
      try Call.check("SSL_CTX_set1_groups_list") {
        unsafe COpenSSL_SSL_CTX_set1_groups_list(context, KeyExchangeGroup.list)
      }
      _ = unsafe SSL_CTX_set_options(
        context,
        COpenSSL_SSL_OP_NO_RENEGOTIATION | COpenSSL_SSL_OP_NO_COMPRESSION
          | COpenSSL_SSL_OP_CIPHER_SERVER_PREFERENCE | COpenSSL_SSL_OP_PRIORITIZE_CHACHA)
      // The chain is sent as the file has it: building
      // one from the trusted authorities would be done anew in every handshake.
      unsafe COpenSSL_SSL_CTX_set_mode(context, Int(SSL_MODE_NO_AUTO_CHAIN))
    }
    return handle
  }

  static func present(_ identity: Identity, in context: OpaquePointer) throws(TLSError) {
    for (index, der) in identity.chain.enumerated() {
      guard let certificate = Certificate.decode(der) else {
        throw .library(operation: "d2i_X509", reason: "a certificate that was read before cannot be read")
      }
      try unsafe certificate.lend { (certificate) throws(TLSError) in
        if index == 0 {
          try Call.check("SSL_CTX_use_certificate") { unsafe SSL_CTX_use_certificate(context, certificate) }
        } else {
          try Call.check("SSL_CTX_add1_chain_cert") {
            unsafe COpenSSL_SSL_CTX_add1_chain_cert(context, certificate)
          }
        }
      }
    }
    guard let key = PrivateKey.decode(identity.key) else {
      throw .library(operation: "d2i_AutoPrivateKey", reason: "a key that was read before cannot be read")
    }
    try unsafe key.lend { (key) throws(TLSError) in
      try Call.check("SSL_CTX_use_PrivateKey") { unsafe SSL_CTX_use_PrivateKey(context, key) }
    }
  }

  static func trust(_ authorities: CertificateBundle, in context: OpaquePointer) throws(TLSError) {
    let store = unsafe SSL_CTX_get_cert_store(context)
    for der in authorities.certificates {
      guard let authority = Certificate.decode(der) else { continue }
      try unsafe authority.lend { (authority) throws(TLSError) in
        try Call.check("X509_STORE_add_cert") { unsafe X509_STORE_add_cert(store, authority) }
      }
    }
    // An intermediate in the file is trusted without its root, as Consul does.
    try Call.check("X509_STORE_set_flags") {
      unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }
    unsafe SSL_CTX_set_verify_depth(context, TLSLimits.chainCertificates)
  }
}
