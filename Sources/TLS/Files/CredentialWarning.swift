// What is worth a line at start but does not keep the gate from starting.

package enum CredentialWarning: Sendable, Hashable {
  case expired(file: String, subject: String, daysAgo: Int)
  case notYetValid(file: String, subject: String)
  case expiresSoon(file: String, subject: String, days: Int)
  case keyReadableByOthers(file: String)
  case writableByOthers(file: String)
  /// The certificate has not issued the one before it.
  case unrelated(file: String, line: Int, subject: String)
  case noNames(file: String, subject: String)
  case wrongPurpose(file: String, subject: String, use: CertificateUse)
  case noAuthority(file: String, line: Int, subject: String)
  /// Of an authority that nothing is accepted from.
  case uselessAuthority(file: String, line: Int, subject: String, fault: String)
  case staleRevocationList(file: String, issuer: String, RevocationListAge)
  case revocationListExpiresSoon(file: String, issuer: String, hours: Int)
  case weakRevocationList(file: String, issuer: String)
  /// Of an authority.
  case noRevocationList(file: String, authority: String)

  init?(_ certificate: borrowing Certificate, file: String) {
    let day = 86_400
    let left = certificate.secondsUntilExpired
    if left < 0 {
      self = .expired(file: file, subject: certificate.subject, daysAgo: -left / day)
    } else if certificate.secondsUntilValid > 0 {
      self = .notYetValid(file: file, subject: certificate.subject)
    } else if left < TLSLimits.expiresSoonDays * day {
      self = .expiresSoon(file: file, subject: certificate.subject, days: left / day)
    } else {
      return nil
    }
  }

  /// Anyone who can change a certificate, an authority or a CRL decides who is trusted.
  init?(writersOf content: CredentialFile.Content, file: String) {
    guard content.permissions & 0o002 != 0 else { return nil }
    self = .writableByOthers(file: file)
  }

  /// Which of the files it is about.
  package var file: String {
    switch self {
    case .expired(let file, _, _), .notYetValid(let file, _), .expiresSoon(let file, _, _),
      .keyReadableByOthers(let file), .writableByOthers(let file), .unrelated(let file, _, _),
      .noNames(let file, _), .wrongPurpose(let file, _, _), .noAuthority(let file, _, _),
      .uselessAuthority(let file, _, _, _), .staleRevocationList(let file, _, _),
      .revocationListExpiresSoon(let file, _, _), .weakRevocationList(let file, _),
      .noRevocationList(let file, _):
      file
    }
  }

  package var reason: String {
    switch self {
    case .expired(let file, let subject, let days):
      "\(file): certificate (\(subject)) expired \(days) days ago; peers will refuse it"
    case .notYetValid(let file, let subject):
      "\(file): certificate (\(subject)) is not valid yet; peers will refuse it"
    case .expiresSoon(let file, let subject, let days):
      "\(file): certificate (\(subject)) expires in \(days) days"
    case .writableByOthers(let file): "\(file): every user of this machine can change it; chmod o-w it"
    case .keyReadableByOthers(let file):
      "\(file): every user of this machine can read the private key; chmod 600 it"
    case .unrelated(let file, let line, let subject):
      "\(file):\(line): certificate (\(subject)) has not issued the one before it, so it is no part of the chain"
    case .noNames(let file, let subject):
      "\(file): certificate (\(subject)) has no DNS name and no IP address as subject alternative name; clients refuse it, whatever its subject says"
    case .wrongPurpose(let file, let subject, let use):
      "\(file): certificate (\(subject)) is not meant for a \(use.rawValue) (extended key usage); peers will refuse it"
    case .noAuthority(let file, let line, let subject):
      "\(file):\(line): certificate (\(subject)) is no authority, so it vouches for nothing but itself"
    case .uselessAuthority(let file, let line, let subject, let fault):
      "\(file):\(line): no certificate that (\(subject)) has issued is accepted: \(fault)"
    case .staleRevocationList(let file, let issuer, let age): "\(file): the CRL of (\(issuer)) \(age.reason)"
    case .revocationListExpiresSoon(let file, let issuer, let hours):
      "\(file): the CRL of (\(issuer)) expires in \(hours) hours"
    case .weakRevocationList(let file, let issuer):
      "\(file): the CRL of (\(issuer)) is signed over SHA-1 or an older digest, which can be forged"
    case .noRevocationList(let file, let authority):
      "\(file): there is no CRL of (\(authority)), so the certificates it issued are refused"
    }
  }
}

/// What a certificate of ours is shown for.
package enum CertificateUse: String, Sendable, Hashable {
  case server, client
}
