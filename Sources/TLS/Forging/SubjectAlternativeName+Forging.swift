// Writes names into a certificate that is being made.

internal import COpenSSL

extension SubjectAlternativeName {
  /// Built from values, not from OpenSSL's `DNS:a,URI:b` text: a comma in a name stays a comma.
  static func add(
    _ names: [SubjectAlternativeName], to certificate: OpaquePointer
  ) throws(TLSError) {
    guard !names.isEmpty else { return }
    let stack = try unsafe Owned.adopt("OPENSSL_sk_new_null", freeing: { unsafe GENERAL_NAMES_free($0) }) {
      unsafe OPENSSL_sk_new_null()
    }
    try unsafe stack.lend { (stack) throws(TLSError) in
      for name in names {
        let made = try unsafe name.general()
        // The stack takes the name over, unless it has no room.
        guard unsafe OPENSSL_sk_push(stack, made) > 0 else {
          unsafe GENERAL_NAME_free(made)
          throw .library(operation: "OPENSSL_sk_push", reason: "no memory")
        }
      }
      try Call.check("X509_add1_ext_i2d") {
        unsafe X509_add1_ext_i2d(certificate, NID_subject_alt_name, UnsafeMutableRawPointer(stack), 0, 0)
      }
    }
  }

  private var encoded: (kind: Int32, stringKind: Int32, bytes: [UInt8])? {
    switch self {
    case .dns(let name): (GEN_DNS, V_ASN1_IA5STRING, Array(name.utf8))
    case .uri(let uri): (GEN_URI, V_ASN1_IA5STRING, Array(uri.utf8))
    case .email(let address): (GEN_EMAIL, V_ASN1_IA5STRING, Array(address.utf8))
    case .ip(let text): IPAddress(text).map { (GEN_IPADD, V_ASN1_OCTET_STRING, $0.bytes) }
    }
  }

  private func general() throws(TLSError) -> UnsafeMutablePointer<GENERAL_NAME> {
    guard let (kind, stringKind, bytes) = encoded else {
      throw .library(operation: "forging", reason: "not an IP address: \(self)")
    }
    let made = try unsafe Call.make("GENERAL_NAME_new") { unsafe GENERAL_NAME_new() }
    guard let value = unsafe ASN1_STRING_type_new(stringKind) else {
      unsafe GENERAL_NAME_free(made)
      throw .library(operation: "ASN1_STRING_type_new", reason: "no memory")
    }
    // From here the name owns the string.
    unsafe GENERAL_NAME_set0_value(made, kind, value)
    guard unsafe ASN1_STRING_set(value, bytes, Int32(bytes.count)) == 1 else {
      unsafe GENERAL_NAME_free(made)
      throw .library(operation: "ASN1_STRING_set", reason: "no memory")
    }
    return unsafe made
  }
}
