// The authorities of a file, found by their names.

internal import COpenSSL

/// A system's bundle has some 150 authorities, a company's perhaps thousands: to go through all of them for each would
/// take the square of their number.
struct AuthorityIndex {
  private let certificates: [[UInt8]]
  /// By the digest of the subject, as OpenSSL compares names: in the file's order. Names that share a digest by chance are
  /// told apart by anyone who asks.
  private let places: [UInt: [Int]]

  init(_ certificates: [[UInt8]]) {
    self.certificates = certificates
    var places: [UInt: [Int]] = [:]
    for (place, der) in certificates.enumerated() {
      guard let certificate = Certificate.decode(der) else { continue }
      places[certificate.subjectDigest, default: []].append(place)
    }
    self.places = places
  }

  /// What `body` makes of the first authority of that name of which it makes anything.
  func first<Found>(
    named digest: UInt, _ body: (borrowing Certificate) throws(TLSError) -> Found?
  ) throws(TLSError) -> Found? {
    for place in places[digest] ?? [] {
      guard let certificate = Certificate.decode(certificates[place]) else { continue }
      if let found = try body(certificate) { return found }
    }
    return nil
  }
}

extension Certificate {
  fileprivate var subjectDigest: UInt { unsafe lend { unsafe X509_subject_name_hash($0) } }
  var issuerDigest: UInt { unsafe lend { unsafe X509_issuer_name_hash($0) } }
}
