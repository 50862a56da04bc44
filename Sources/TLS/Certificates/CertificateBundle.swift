// The certificates of one file: a chain to present, or authorities to trust.

internal import COpenSSL

package struct CertificateBundle: Sendable {
  /// DER, in the order of the file.
  let certificates: [[UInt8]]
  package let warnings: [CredentialWarning]
  /// Of the file it was read from, which holds no key.
  package var digests: [CredentialDigest] = []

  /// The authorities of a CA file, and what peers they vouch for.
  package static func load(
    _ file: String, for use: CertificateUse = .client
  ) throws(TLSError) -> CertificateBundle {
    let content = try CredentialFile.read(file)
    let blocks = try PEM.blocks(in: content.bytes, file: file)
    if let key = blocks.first(where: { $0.isPrivateKey }) {
      throw .file(file, .privateKeyOfAuthority(line: key.line))
    }
    let bundle = try read(blocks, file: file) { certificate, line in
      let subject = certificate.subject
      guard certificate.isAuthority else { return .noAuthority(file: file, line: line, subject: subject) }
      return certificate.disqualification(as: use).map {
        .uselessAuthority(file: file, line: line, subject: subject, fault: $0)
      }
    }
    let warning = CredentialWarning(writersOf: content, file: file)
    return CertificateBundle(
      certificates: bundle.certificates, warnings: [warning].compactMap { $0 } + bundle.warnings,
      digests: [try CredentialDigest(.authorities, file, of: content.bytes)])
  }

  /// A chain to present. Beside it a file may hold its key.
  static func readChain(
    _ blocks: [PEM.Block], file: String, holdsKey: Bool
  ) throws(TLSError) -> CertificateBundle {
    var last: [UInt8]?
    return try read(holdsKey ? blocks.filter { !$0.belongsToKey } : blocks, file: file) { certificate, line in
      let before = last.flatMap { Certificate.decode($0) }
      last = certificate.der
      guard let before, !certificate.hasIssued(before) else { return nil }
      return .unrelated(file: file, line: line, subject: certificate.subject)
    }
  }

  private static func read(
    _ blocks: [PEM.Block], file: String,
    _ judge: (_ certificate: borrowing Certificate, _ line: Int) -> CredentialWarning?
  ) throws(TLSError) -> CertificateBundle {
    guard !blocks.isEmpty else { throw .file(file, .notPEM) }
    guard blocks.contains(where: \.isCertificate) else {
      throw .file(file, .noCertificate(found: labels(of: blocks)))
    }
    var warnings: [CredentialWarning] = []
    for block in blocks {
      guard block.isCertificate else {
        throw .file(
          file, .foreignBlock(line: block.line, label: block.shownLabel, expected: "certificates alone"))
      }
      guard let certificate = Certificate.decode(block.der) else {
        throw .file(file, .brokenCertificate(line: block.line, "not X.509"))
      }
      if let warning = CredentialWarning(certificate, file: file) { warnings.append(warning) }
      if let warning = judge(certificate, block.line) { warnings.append(warning) }
    }
    return CertificateBundle(certificates: blocks.map(\.der), warnings: warnings)
  }

  static func labels(of blocks: [PEM.Block]) -> String {
    Set(blocks.map(\.shownLabel)).sorted().joined(separator: ", ")
  }
}

extension PEM.Block {
  var isCertificate: Bool { label.utf8.elementsEqual("CERTIFICATE".utf8) }
  var isPrivateKey: Bool { label.utf8.suffix(11).elementsEqual("PRIVATE KEY".utf8) }
  /// `openssl ecparam` writes the curve before the key, which names it itself.
  var belongsToKey: Bool { isPrivateKey || label.utf8.elementsEqual("EC PARAMETERS".utf8) }
}
