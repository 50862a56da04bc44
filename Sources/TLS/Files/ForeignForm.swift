// Files that hold what is wanted, in a form that is not read here.

/// Told by the first bytes: anyone who converted a certificate for another program is told how to convert it back, instead
/// of being told that there is no PEM.
package enum ForeignForm: Hashable, Sendable {
  case empty
  case utf16
  case byteOrderMark
  case derCertificate, derKey, derEncryptedKey, derRevocationList
  case pkcs12, pkcs7
  case javaKeystore
  case sshPublicKey, puttyKey
  /// Some other sequence of DER.
  case der

  /// Nil if it may be PEM.
  init?(_ bytes: [UInt8]) {
    if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      self = .empty
    } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      self = .byteOrderMark
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || Self.isWide(bytes) {
      self = .utf16
    } else if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) {
      self = .javaKeystore
    } else if Self.words.contains(where: { bytes.starts(with: $0.utf8) }) {
      self = .sshPublicKey
    } else if bytes.starts(with: "PuTTY-User-Key-File-".utf8) {
      self = .puttyKey
    } else if let content = Self.content(ofSequence: bytes) {
      self = Self.form(bytes, content)
    } else {
      return nil
    }
  }

  private static let words = ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-nistp"]

  /// Dashes or letters of two bytes each, in either order.
  private static func isWide(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    return bytes[0] == 0 && bytes[2] == 0 && bytes[1] != 0 && bytes[3] != 0
      || bytes[1] == 0 && bytes[3] == 0 && bytes[0] != 0 && bytes[2] != 0
  }

  /// What stands in a DER sequence that is the whole file (X.690, section 8.1.3), or in one of indefinite length (BER,
  /// as Windows exports PKCS#12); nil if the file is none. A text of letters may begin with 0x30, the digit 0, too.
  private static func content(ofSequence bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard bytes.count > 4, bytes[0] == 0x30 else { return nil }
    if bytes[1] == 0x80 { return bytes[2...] }
    guard bytes[1] > 0x80 else { return Int(bytes[1]) == bytes.count - 2 ? bytes[2...] : nil }
    let lengthBytes = Int(bytes[1] & 0x7F)
    guard 1...4 ~= lengthBytes, bytes.count > 2 + lengthBytes else { return nil }
    let length = bytes[2..<2 + lengthBytes].reduce(0) { $0 << 8 | Int($1) }
    return length == bytes.count - 2 - lengthBytes ? bytes[(2 + lengthBytes)...] : nil
  }

  private static func form(_ bytes: [UInt8], _ content: ArraySlice<UInt8>) -> ForeignForm {
    // RFC 7292, section 4: version 3. RFC 2315, section 7: the object identifier of signedData.
    if content.starts(with: [0x02, 0x01, 0x03, 0x30]) { return .pkcs12 }
    if content.starts(with: [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07]) { return .pkcs7 }
    if Certificate.decode(bytes) != nil { return .derCertificate }
    if CertificateRevocationList.decode(bytes) != nil { return .derRevocationList }
    if PrivateKey.decode(PrivateKeyBytes(der: bytes)) != nil { return .derKey }
    // RFC 5958, section 3: an algorithm of PKCS#5, then one string of lengthBytes.
    if content.dropFirst(2).starts(with: [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05]) {
      return .derEncryptedKey
    }
    return .der
  }

  /// As a part of a sentence that begins with the file's name.
  var reason: String {
    switch self {
    case .empty: "is empty; a file with -----BEGIN ...----- lines is expected"
    case .utf16: "is UTF-16 text, and PEM is ASCII: convert it with iconv -f UTF-16 -t ASCII"
    case .byteOrderMark: "begins with a byte order mark (bytes EF BB BF): save it as UTF-8 without one"
    case .derCertificate:
      "is a certificate in DER, not PEM: convert it with openssl x509 -inform der -in FILE -out FILE.pem"
    case .derKey:
      "is a private key in DER, not PEM: convert it with openssl pkey -inform der -in FILE -out FILE.pem"
    case .derEncryptedKey:
      "is an encrypted private key in DER: convert it with openssl pkcs8 -inform der -in FILE -out FILE.pem, which asks "
        + "for its passphrase"
    case .derRevocationList:
      "is a CRL in DER, not PEM: convert it with openssl crl -inform der -in FILE -out FILE.pem"
    case .pkcs12:
      "is PKCS#12: take it apart with openssl pkcs12 -in FILE -nokeys -out FILE.pem and "
        + "openssl pkcs12 -in FILE -nocerts -noenc -out KEY.pem"
    case .pkcs7:
      "is PKCS#7 in DER: convert it with openssl pkcs7 -inform der -in FILE -print_certs -out FILE.pem"
    case .javaKeystore:
      "is a Java keystore: make it PKCS#12 with keytool -importkeystore, and that PEM with openssl"
    case .sshPublicKey: "is a public key of SSH; a file with -----BEGIN ...----- lines is expected"
    case .puttyKey: "is a key of PuTTY, and TLS needs one in PEM: make it with openssl genpkey"
    case .der: "is DER, not PEM, and neither a certificate nor a private key nor a CRL"
    }
  }
}
