// Who we are towards a peer: a certificate, its chain and its private key.

/// Read and checked once; every worker makes OpenSSL objects of its own from these values, so that no two
/// threads meet in a reference count.
package struct Identity: Sendable {
  /// DER; the certificate itself first, then its issuers.
  let chain: [[UInt8]]
  let key: PrivateKeyBytes
  package let warnings: [CredentialWarning]

  /// Reads both files; they may be the same.
  package static func load(certificateFile: String, keyFile: String) throws(TLSError) -> Identity {
    let certificates = try CredentialFile.read(certificateFile)
    let keys = try CredentialFile.read(keyFile)
    var warnings: [CredentialWarning] = []
    if keys.permissions & 0o004 != 0 { warnings.append(.keyReadableByOthers(file: keyFile)) }

    let chain = try CertificateBundle.read(certificates.bytes, file: certificateFile)
    warnings += chain.warnings
    let keyBytes = try privateKey(in: keys.bytes, file: keyFile)
    guard let key = PrivateKey.decode(keyBytes) else {
      throw .file(keyFile, .brokenPrivateKey("no known key format"))
    }
    guard let leaf = chain.certificates.first, let certificate = Certificate.decode(leaf) else {
      throw .file(certificateFile, .noCertificate(found: "nothing"))
    }
    guard key.belongs(to: certificate) else {
      throw .file(keyFile, .keyDoesNotMatch(certificateFile: certificateFile))
    }
    return Identity(chain: chain.certificates, key: keyBytes, warnings: warnings)
  }

  private static func privateKey(in bytes: [UInt8], file: String) throws(TLSError) -> PrivateKeyBytes {
    let blocks = try PEM.blocks(in: bytes, file: file)
    guard !blocks.isEmpty else { throw .file(file, .notPEM) }
    let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
    guard let key = keys.first else {
      throw .file(file, .noPrivateKey(found: CertificateBundle.labels(of: blocks)))
    }
    guard keys.count == 1 else { throw .file(file, .severalPrivateKeys) }
    guard !key.isEncrypted, key.label != "ENCRYPTED PRIVATE KEY" else {
      throw .file(file, .encryptedPrivateKey)
    }
    return PrivateKeyBytes(der: key.der)
  }
}
