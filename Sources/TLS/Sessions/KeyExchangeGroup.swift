// The groups in which keys are agreed on.

internal import COpenSSL

package enum KeyExchangeGroup {
  /// In the order of preference. OpenSSL's own list has groups that Mozilla's intermediate profile does not.
  ///
  /// The first holds against anyone who records now to decrypt with a quantum computer later
  /// (draft-ietf-tls-ecdhe-mlkem); OpenSSL knows it from 3.5 on, so what the library at hand knows is tried out.
  package static let offered: [String] = {
    let all = ["X25519MLKEM768"] + known
    let isKnown = Call.attempt { () -> Bool? in
      guard let context = unsafe SSL_CTX_new(TLS_method()) else { return nil }
      defer { unsafe SSL_CTX_free(context) }
      let taken = unsafe COpenSSL_SSL_CTX_set1_groups_list(context, all.joined(separator: ":"))
      return taken == 1 ? true : nil
    }
    if case .made = isKnown { return all }
    return known
  }()

  private static let known = ["X25519", "P-256", "P-384"]

  /// As OpenSSL takes it, and as an operator reads it.
  package static var list: String { offered.joined(separator: ":") }

  /// That of an established session; nil if none is known, as of one resumed under TLS 1.2.
  static func agreed(on ssl: OpaquePointer) -> String? {
    let number = unsafe COpenSSL_SSL_get_negotiated_group(ssl)
    switch number {
    case ...0: return nil
    case NID_X25519: return "X25519"
    case NID_X9_62_prime256v1: return "P-256"
    case NID_secp384r1: return "P-384"
    default:
      guard let name = unsafe SSL_group_to_name(ssl, number) else {
        return "0x\(Hexadecimal.text([UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]))"
      }
      return unsafe String(cString: name)
    }
  }
}
