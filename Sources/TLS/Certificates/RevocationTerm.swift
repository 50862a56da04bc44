// Until when a CRL holds, for anyone who tells the operator in time.

package struct RevocationTerm: Sendable, Hashable {
  package let file: String
  package let issuer: String
  package let expiry: RevocationList.Expiry
  /// Seconds since 1970.
  package let endsSoonAt: Int
  package let endsAt: Int

  package init(
    file: String, issuer: String, expiry: RevocationList.Expiry, endsSoonAt: Int, endsAt: Int
  ) {
    self.file = file
    self.issuer = issuer
    self.expiry = expiry
    self.endsSoonAt = endsSoonAt
    self.endsAt = endsAt
  }

  init(_ list: borrowing CertificateRevocationList, file: String, expiry: RevocationList.Expiry) {
    self.init(
      file: file, issuer: list.issuer, expiry: expiry, endsSoonAt: list.endsSoonAt, endsAt: list.endsAt)
  }

  /// That it will end soon; that it has ended is another warning's.
  package func warning(at seconds: Int) -> CredentialWarning? {
    guard seconds >= endsSoonAt, seconds < endsAt else { return nil }
    return .revocationListExpiresSoon(file: file, issuer: issuer, hours: (endsAt - seconds) / 3_600)
  }
}
