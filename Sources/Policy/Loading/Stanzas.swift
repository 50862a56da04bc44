// What policy files say, as values: the parsed form that prints back to the same text.
package import Bytes
package import Digests

/// `policy "name" { … }`, or a file of bare rules, which is a policy named after the file.
package struct PolicyStanza: Sendable {
  package let name: ByteString
  package let place: Place
  package let rules: [Rule]
  /// How much of what it allows is recorded; nil leaves that to the gate.
  package let recordLevel: RecordLevel?

  package init(name: ByteString, place: Place, rules: [Rule], recordLevel: RecordLevel? = nil) {
    self.name = name
    self.place = place
    self.rules = rules
    self.recordLevel = recordLevel
  }
}

/// A name that a stanza refers to, and where it does.
package struct Reference: Sendable {
  package let name: ByteString
  package let place: Place

  package init(name: ByteString, place: Place) {
    self.name = name
    self.place = place
  }
}

/// `token "name" { … }`.
package struct TokenStanza: Sendable {
  package var name: ByteString
  package var place: Place
  package var accessorID: AccessorID
  /// Empty only where the client certificate alone is the subject.
  package var secretDigests: [SHA256Digest]
  package var policies: [Reference]
  /// The first instant at which the token holds.
  package var notBefore: Timestamp?
  /// The first instant at which it no longer does.
  package var notAfter: Timestamp?
  package var revoked: Bool
  /// Empty: from everywhere.
  package var sources: [AddressRange]
  package var certificate: CertificateNames?

  package init(
    name: ByteString, place: Place, accessorID: AccessorID, secretDigests: [SHA256Digest],
    policies: [Reference],
    notBefore: Timestamp? = nil, notAfter: Timestamp? = nil, revoked: Bool = false,
    sources: [AddressRange] = [], certificate: CertificateNames? = nil
  ) {
    self.name = name
    self.place = place
    self.accessorID = accessorID
    self.secretDigests = secretDigests
    self.policies = policies
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.revoked = revoked
    self.sources = sources
    self.certificate = certificate
  }
}

/// `anonymous { … }`: who brings neither a token nor a certificate that is a subject.
package struct AnonymousStanza: Sendable {
  package let place: Place
  package let policies: [Reference]

  package init(place: Place, policies: [Reference]) {
    self.place = place
    self.policies = policies
  }
}
