// Which client certificates are revoked: the CRLs of `crl_file` (RFC 5280, section 5).

internal import Sockets

/// Read and verified once, then looked up by every worker: for handshakes, for tickets, and for connections that are open
/// when it is loaded. OpenSSL's own check knows only the first of the three.
package struct RevocationList: Sendable {
  /// What a CRL whose time is over is worth.
  package enum Expiry: UInt8, Sendable {
    /// Nothing: it is not loaded, and the certificates it speaks for are refused once it has expired.
    case refused
    /// As much as before.
    case warned
  }

  private let revoked: Set<Fingerprint>
  /// By authority: until when its CRL holds.
  private let ends: [Fingerprint: Int]
  /// Of all that stands in it.
  let fingerprint: Fingerprint
  /// One for each CRL.
  package let terms: [RevocationTerm]
  package let warnings: [CredentialWarning]
  /// Of the files it was read from.
  package let digests: [CredentialDigest]

  /// The CRLs of `files`, each of which an authority of `authorities` must have signed.
  package static func load(
    _ files: [String], of authorities: CertificateBundle, expiry: Expiry
  ) throws(TLSError) -> RevocationList {
    var revoked: Set<Fingerprint> = []
    var ends: [Fingerprint: Int] = [:]
    var warnings: [CredentialWarning] = []
    var digests: [CredentialDigest] = []
    var terms: [RevocationTerm] = []
    var whole: [UInt8] = [expiry.rawValue]
    let index = AuthorityIndex(authorities.certificates)
    for file in files {
      let content = try CredentialFile.read(file, .revocationLists)
      if let warning = CredentialWarning(writersOf: content, file: file) { warnings.append(warning) }
      digests.append(try CredentialDigest(.revocations, file, of: content.bytes))
      let blocks = try PEM.blocks(in: content.bytes, file: file)
      guard !blocks.isEmpty else { throw .file(file, .notPEM) }
      for block in blocks {
        guard block.label.utf8.elementsEqual(CertificateRevocationList.label.utf8) else {
          throw .file(file, .foreignBlock(line: block.line, label: block.shownLabel, expected: "an X509 CRL"))
        }
        guard let list = CertificateRevocationList.decode(block.der) else {
          throw .file(file, .brokenRevocationList(line: block.line, "not a CRL"))
        }
        if let fault = list.fault { throw .file(file, .brokenRevocationList(line: block.line, fault)) }
        guard let authority = try list.authority(in: index) else {
          throw .file(file, .strangeRevocationList(line: block.line, issuer: list.issuer))
        }
        if let fault = list.currency {
          guard expiry == .warned else {
            throw .file(file, .staleRevocationList(line: block.line, issuer: list.issuer, fault))
          }
          warnings.append(.staleRevocationList(file: file, issuer: list.issuer, fault))
        }
        if list.isWeaklySigned {
          warnings.append(.weakRevocationList(file: file, issuer: list.issuer))
        }
        let term = RevocationTerm(list, file: file, expiry: expiry)
        if let warning = term.warning(at: Int(WallClock.seconds)) { warnings.append(warning) }
        terms.append(term)
        // Of two that one authority signed, both count, and the one that ends first says when new ones are due.
        let end = expiry == .warned ? Int.max : list.endsAt
        ends[authority] = min(ends[authority] ?? .max, end)
        try list.addRevoked(by: authority, to: &revoked)
        whole += block.der
      }
    }
    for der in authorities.certificates {
      guard let authority = Certificate.decode(der) else { continue }
      let key = try unsafe authority.lend { (it) throws(TLSError) in try unsafe Fingerprint(keyOf: it) }
      if ends[key] == nil {
        warnings.append(.noRevocationList(file: files.first ?? "", authority: authority.subject))
      }
    }
    return RevocationList(
      revoked: revoked, ends: ends, fingerprint: try Fingerprint(of: whole), terms: terms,
      warnings: warnings, digests: digests)
  }

  /// The first certificate at fault, the client's own first, and what is wrong with it.
  func fault(of proof: ChainProof, at seconds: Int) -> (index: Int, fault: ProofFault)? {
    for (index, link) in proof.links.enumerated() {
      if revoked.contains(link.certificate) { return (index, .revoked) }
      guard let issuer = link.issuer else { continue }
      guard let end = ends[issuer], seconds < end else { return (index, .revocationUnknown) }
    }
    return nil
  }

  /// Until when all of them are spoken for.
  func end(of proof: ChainProof) -> Int {
    proof.links.compactMap { link in link.issuer.map { ends[$0] ?? 0 } }.min() ?? .max
  }
}
