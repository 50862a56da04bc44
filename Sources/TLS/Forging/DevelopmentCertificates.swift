// The files that `peergate dev` keeps between runs, so that a CA once trusted stays trusted.

/// `ca.pem`, `ca-key.pem`, `server.pem` and `server-key.pem` in one directory.
package struct DevelopmentCertificates: Sendable {
  package let authorityFile: String
  package let certificateFile: String
  package let keyFile: String
  /// Whether a new authority had to be made: anyone who trusted the old one has to be told.
  package let isAuthorityNew: Bool

  /// Uses what is there, and makes anew what is missing, unreadable, about to expire, or for other names.
  package static func prepare(
    in directory: String, names: [SubjectAlternativeName], validity: Validity = .days(365)
  ) throws(TLSError) -> DevelopmentCertificates {
    try makeDirectories(directory)
    let authorityFile = directory + "/ca.pem"
    let authorityKeyFile = directory + "/ca-key.pem"
    let certificateFile = directory + "/server.pem"
    let keyFile = directory + "/server-key.pem"

    let kept = usable(certificateFile: authorityFile, keyFile: authorityKeyFile).map {
      DevelopmentAuthority($0)
    }
    let authority: DevelopmentAuthority
    if let kept {
      authority = kept
    } else {
      authority = try DevelopmentAuthority(validity: validity)
      try store(
        certificate: try authority.certificatePEM, at: authorityFile,
        key: try authority.privateKeyPEM, at: authorityKeyFile)
    }
    let server = usable(certificateFile: certificateFile, keyFile: keyFile)
    if server.map({ authority.issued($0) && $0.names.isSuperset(of: names) }) != true {
      let issued = try authority.issueServer(names: names, validity: validity)
      try store(
        certificate: try issued.certificatePEM, at: certificateFile, key: try issued.privateKeyPEM,
        at: keyFile)
    }
    return DevelopmentCertificates(
      authorityFile: authorityFile, certificateFile: certificateFile, keyFile: keyFile,
      isAuthorityNew: kept == nil)
  }

  /// Nil if it cannot be read, the key does not match, or it has less than a day to live.
  private static func usable(certificateFile: String, keyFile: String) -> Identity? {
    guard let identity = try? Identity.load(certificateFile: certificateFile, keyFile: keyFile, for: .server),
      let certificate = identity.chain.first.flatMap({ Certificate.decode($0)?.secondsUntilExpired }),
      certificate > 86_400
    else { return nil }
    return identity
  }

  /// The key first: a certificate without its key would be taken for whole by nobody, the other way round too.
  private static func store(
    certificate: String, at certificateFile: String, key: String, at keyFile: String
  ) throws(TLSError) {
    try CredentialFile.write(key, to: keyFile, permissions: 0o600)
    try CredentialFile.write(certificate, to: certificateFile, permissions: 0o644)
  }

  private static func makeDirectories(_ path: String) throws(TLSError) {
    let slash = UInt8(ascii: "/")
    var made = path.utf8.first == slash ? "" : "."
    for component in path.utf8.split(separator: slash) {
      made += "/" + Substring(component)
      try CredentialFile.makeDirectory(made, permissions: 0o755)
    }
  }
}

extension Identity {
  fileprivate var names: Set<SubjectAlternativeName> {
    guard let leaf = chain.first, let certificate = Certificate.decode(leaf) else { return [] }
    return Set(SubjectAlternativeName.all(of: certificate).names)
  }
}
