// Who we are towards a peer: a certificate, its chain and its private key.

/// Read and checked once; every worker makes OpenSSL objects of its own from these values, so that no two
/// threads meet in a reference count.
package struct Identity: Sendable {
  /// DER; the certificate itself first, then its issuers.
  let chain: [[UInt8]]
  let key: PrivateKeyBytes
  package let warnings: [CredentialWarning]
  /// Of the files it was read from.
  package var digests: [CredentialDigest] = []

  /// Reads both files; they may be the same.
  package static func load(
    certificateFile: String, keyFile: String, for use: CertificateUse
  ) throws(TLSError) -> Identity {
    let isOneFile = certificateFile.utf8.elementsEqual(keyFile.utf8)
    let certificates = try CredentialFile.read(certificateFile)
    let blocks = try PEM.blocks(in: certificates.bytes, file: certificateFile)
    let keys = try CredentialFile.read(keyFile)
    var warnings: [CredentialWarning] = []
    if keys.permissions & 0o004 != 0 {
      warnings.append(.keyReadableByOthers(file: keyFile))
    } else if let warning = CredentialWarning(writersOf: keys, file: keyFile) {
      warnings.append(warning)
    }
    if !isOneFile, let warning = CredentialWarning(writersOf: certificates, file: certificateFile) {
      warnings.append(warning)
    }

    let chain = try CertificateBundle.readChain(blocks, file: certificateFile, holdsKey: isOneFile)
    warnings += chain.warnings
    let keyBytes = try privateKey(in: keys.bytes, file: keyFile, holdsCertificates: isOneFile)
    guard let key = PrivateKey.decode(keyBytes) else {
      throw .file(keyFile, .brokenPrivateKey("no known key format"))
    }
    guard let leaf = chain.certificates.first, let certificate = Certificate.decode(leaf) else {
      throw .file(certificateFile, .noCertificate(found: "nothing"))
    }
    guard key.belongs(to: certificate) else {
      for block in blocks where block.isCertificate {
        guard let other = Certificate.decode(block.der), key.belongs(to: other) else { continue }
        throw .file(certificateFile, .leafNotFirst(line: block.line))
      }
      throw .file(keyFile, .keyDoesNotMatch(certificateFile: certificateFile))
    }
    if let kind = key.unspokenKind { throw .file(certificateFile, .unspokenKey(kind)) }
    if use == .server, !certificate.hasHostNames {
      warnings.append(.noNames(file: certificateFile, subject: certificate.subject))
    }
    if !certificate.serves(as: use) {
      warnings.append(.wrongPurpose(file: certificateFile, subject: certificate.subject, use: use))
    }
    let digests = [
      try CredentialDigest(.certificate, certificateFile, of: isOneFile ? leaf : certificates.bytes),
      try CredentialDigest(.key, keyFile, of: key.publicKey),
    ]
    return Identity(chain: chain.certificates, key: keyBytes, warnings: warnings, digests: digests)
  }

  private static func privateKey(
    in bytes: [UInt8], file: String, holdsCertificates: Bool
  ) throws(TLSError) -> PrivateKeyBytes {
    let blocks = try PEM.blocks(in: bytes, file: file)
    guard !blocks.isEmpty else { throw .file(file, .notPEM) }
    let keys = blocks.filter(\.isPrivateKey)
    guard let key = keys.first else {
      throw .file(file, .noPrivateKey(found: CertificateBundle.labels(of: blocks)))
    }
    guard keys.count == 1 else { throw .file(file, .severalPrivateKeys) }
    for block in blocks where !block.belongsToKey && !(holdsCertificates && block.isCertificate) {
      throw .file(
        file, .foreignBlock(line: block.line, label: block.shownLabel, expected: "a private key alone"))
    }
    guard !key.label.utf8.elementsEqual("OPENSSH PRIVATE KEY".utf8) else {
      throw .file(file, .brokenPrivateKey("it is in OpenSSH's own form: ssh-keygen -p -m PKCS8 -f FILE"))
    }
    guard !key.isEncrypted, !key.label.utf8.elementsEqual("ENCRYPTED PRIVATE KEY".utf8) else {
      throw .file(file, .encryptedPrivateKey)
    }
    return PrivateKeyBytes(der: key.der)
  }
}
