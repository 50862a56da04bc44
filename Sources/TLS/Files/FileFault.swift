// What can be wrong with a certificate, key or CA file; each reads on after the file's name.

package enum FileFault: Hashable, Sendable {
  case missing
  case unreadable(String)
  /// What it is instead.
  case notAFile(String)
  case foreignForm(ForeignForm)
  case tooLarge(limitBytes: Int)
  case notPEM
  case brokenPEM(PEMFault)
  /// A block that nobody would read.
  case foreignBlock(line: Int, label: String, expected: String)
  /// In a file of authorities.
  case privateKeyOfAuthority(line: Int)
  case noCertificate(found: String)
  case noPrivateKey(found: String)
  case severalPrivateKeys
  case brokenCertificate(line: Int, String)
  /// The certificate of the key is in the file, but not first.
  case leafNotFirst(line: Int)
  /// What key the certificate has, that no client can use.
  case unspokenKey(String)
  case brokenRevocationList(line: Int, String)
  /// None of the authorities signed it.
  case strangeRevocationList(line: Int, issuer: String)
  case staleRevocationList(line: Int, issuer: String, RevocationListAge)
  case brokenPrivateKey(String)
  case encryptedPrivateKey
  case keyDoesNotMatch(certificateFile: String)
  case unusable(String)
  case unwritable(String)

  /// Where in the file, if there is one place.
  var line: Int? {
    switch self {
    case .brokenPEM(let fault): fault.line
    case .foreignBlock(let line, _, _), .privateKeyOfAuthority(let line), .brokenCertificate(let line, _),
      .leafNotFirst(let line), .brokenRevocationList(let line, _), .strangeRevocationList(let line, _),
      .staleRevocationList(let line, _, _):
      line
    default: nil
    }
  }

  var reason: String {
    switch self {
    case .missing: "no such file"
    case .unreadable(let text): "cannot be read: \(text)"
    case .notAFile(let kind): "is \(kind), expected a file"
    case .foreignForm(let form): form.reason
    case .tooLarge(let limit): "has more than \(limit) bytes; that is no certificate, key or CRL file"
    case .notPEM: "is not PEM; a file with -----BEGIN ...----- lines is expected"
    case .brokenPEM(let fault): fault.reason
    case .foreignBlock(_, let label, let expected):
      "a block \(label) is not read here, expected \(expected); take it out"
    case .privateKeyOfAuthority:
      "a private key stands among the authorities: take it out, and take it for known to others"
    case .noCertificate(let found): "holds no certificate, only \(found)"
    case .noPrivateKey(let found): "holds no private key, only \(found)"
    case .severalPrivateKeys: "holds more than one private key"
    case .brokenCertificate(_, let text): "the certificate cannot be read: \(text)"
    case .leafNotFirst: "the certificate of the private key begins here, expected it before all others"
    case .unspokenKey(let kind): "the key of the certificate is \(kind), which clients do not speak"
    case .brokenRevocationList(_, let text): "the CRL cannot be used: \(text)"
    case .strangeRevocationList(_, let issuer):
      "the CRL of (\(issuer)) is not signed by an authority in ca_file that may sign CRLs; put its certificate there"
    case .staleRevocationList(_, let issuer, let age): "the CRL of (\(issuer)) \(age.reason)"
    case .brokenPrivateKey(let text): "the private key cannot be read: \(text)"
    case .encryptedPrivateKey:
      "the private key is encrypted, and nobody is asked for a passphrase; give it without one: "
        + "openssl pkey -in FILE -out FILE.pem"
    case .keyDoesNotMatch(let certificateFile): "the private key is not that of \(certificateFile)"
    case .unusable(let text): "cannot be used: \(text)"
    case .unwritable(let text): "cannot be written: \(text)"
    }
  }
}
