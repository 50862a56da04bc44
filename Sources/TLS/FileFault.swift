// What can be wrong with a certificate, key or CA file; each reads on after the file's name.

package enum FileFault: Hashable, Sendable {
  case missing
  case unreadable(String)
  case tooLarge(limitBytes: Int)
  case notPEM
  case brokenPEM(block: Int)
  case noCertificate(found: String)
  case noPrivateKey(found: String)
  case severalPrivateKeys
  case brokenCertificate(index: Int, String)
  case brokenPrivateKey(String)
  case encryptedPrivateKey
  case keyDoesNotMatch(certificateFile: String)
  case unusable(String)
  case unwritable(String)

  var reason: String {
    switch self {
    case .missing: "no such file"
    case .unreadable(let text): "cannot be read: \(text)"
    case .tooLarge(let limit): "has more than \(limit) bytes; that is no certificate or key file"
    case .notPEM: "is not PEM; a file with -----BEGIN ...----- lines is expected"
    case .brokenPEM(let block): "PEM block number \(block) is cut or is not base64"
    case .noCertificate(let found): "holds no certificate, only \(found)"
    case .noPrivateKey(let found): "holds no private key, only \(found)"
    case .severalPrivateKeys: "holds more than one private key"
    case .brokenCertificate(let index, let text): "certificate number \(index) cannot be read: \(text)"
    case .brokenPrivateKey(let text): "the private key cannot be read: \(text)"
    case .encryptedPrivateKey: "the private key is encrypted; give it without a passphrase"
    case .keyDoesNotMatch(let certificateFile): "the private key is not that of \(certificateFile)"
    case .unusable(let text): "cannot be used: \(text)"
    case .unwritable(let text): "cannot be written: \(text)"
    }
  }
}
