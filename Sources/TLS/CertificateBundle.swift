// The certificates of one file: a chain to present, or authorities to trust.

package struct CertificateBundle: Sendable {
  /// DER, in the order of the file.
  let certificates: [[UInt8]]
  package let warnings: [CredentialWarning]

  /// The authorities of a CA file.
  package static func load(_ file: String) throws(TLSError) -> CertificateBundle {
    try read(try CredentialFile.read(file).bytes, file: file)
  }

  static func read(_ bytes: [UInt8], file: String) throws(TLSError) -> CertificateBundle {
    let blocks = try PEM.blocks(in: bytes, file: file)
    guard !blocks.isEmpty else { throw .file(file, .notPEM) }
    let certificates = blocks.filter { $0.label == "CERTIFICATE" }.map(\.der)
    guard !certificates.isEmpty else { throw .file(file, .noCertificate(found: labels(of: blocks))) }
    var warnings: [CredentialWarning] = []
    for (index, der) in certificates.enumerated() {
      guard let certificate = Certificate.decode(der) else {
        throw .file(file, .brokenCertificate(index: index + 1, "not X.509"))
      }
      if let warning = CredentialWarning(certificate, file: file) { warnings.append(warning) }
    }
    return CertificateBundle(certificates: certificates, warnings: warnings)
  }

  static func labels(of blocks: [PEM.Block]) -> String {
    Set(blocks.map { Quoted.text($0.label.utf8) }).sorted().joined(separator: ", ")
  }
}
