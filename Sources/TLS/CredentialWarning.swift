// What is worth a line at start but does not keep the gate from starting.

package enum CredentialWarning: Sendable, Hashable {
  case expired(file: String, subject: String, daysAgo: Int)
  case notYetValid(file: String, subject: String)
  case expiresSoon(file: String, subject: String, days: Int)
  case keyReadableByOthers(file: String)

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

  package var reason: String {
    switch self {
    case .expired(let file, let subject, let days):
      "\(file): certificate (\(subject)) expired \(days) days ago; peers will refuse it"
    case .notYetValid(let file, let subject):
      "\(file): certificate (\(subject)) is not valid yet; peers will refuse it"
    case .expiresSoon(let file, let subject, let days):
      "\(file): certificate (\(subject)) expires in \(days) days"
    case .keyReadableByOthers(let file):
      "\(file): every user of this machine can read the private key; chmod 600 it"
    }
  }
}
