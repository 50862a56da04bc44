// The names in a certificate that count (RFC 5280 4.2.1.6).

internal import COpenSSL
internal import Glibc

package enum SubjectAlternativeName: Sendable, Hashable {
  case dns(String)
  /// In text, IPv4 or IPv6.
  case ip(String)
  case uri(String)
  case email(String)

  /// The names of the four kinds, each kind cut at its limit, which `isComplete` says; other kinds are left out.
  static func all(
    of certificate: borrowing Certificate
  ) -> (names: [SubjectAlternativeName], isComplete: Bool) {
    unsafe certificate.lend { certificate in
      guard let found = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
        return ([], true)
      }
      let stack = OpaquePointer(found)
      defer { unsafe GENERAL_NAMES_free(stack) }
      var names: [SubjectAlternativeName] = []
      var counts: [Int32: Int] = [:]
      var isComplete = true
      let count = unsafe OPENSSL_sk_num(stack)
      for index in 0..<max(0, count) {
        guard let entry = unsafe OPENSSL_sk_value(stack, index) else { continue }
        let name = unsafe entry.assumingMemoryBound(to: GENERAL_NAME.self)
        let kind = unsafe name.pointee.type
        guard let name = unsafe Self(name) else { continue }
        guard counts[kind, default: 0] < TLSLimits.namesPerKind else {
          isComplete = false
          continue
        }
        counts[kind, default: 0] += 1
        names.append(name)
      }
      return (names, isComplete)
    }
  }

  private init?(_ name: UnsafePointer<GENERAL_NAME>) {
    var kind: Int32 = 0
    guard let value = unsafe GENERAL_NAME_get0_value(name, &kind),
      [GEN_DNS, GEN_IPADD, GEN_URI, GEN_EMAIL].contains(kind)
    else { return nil }
    // All four kinds are ASN1_STRINGs.
    let text = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
    let bytes = unsafe Array(
      UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text))))
    switch kind {
    case GEN_DNS: self = .dns(Quoted.text(bytes, limit: TLSLimits.nameBytes))
    case GEN_URI: self = .uri(Quoted.text(bytes, limit: TLSLimits.nameBytes))
    case GEN_EMAIL: self = .email(Quoted.text(bytes))
    default: self = .ip(IPAddress(bytes: bytes)?.text ?? Quoted.text(bytes))
    }
  }
}
