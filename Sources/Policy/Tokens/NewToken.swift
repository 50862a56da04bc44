// A token that did not exist before.
package import Bytes
package import Digests

/// A secret and the block that makes it a token. The secret is shown once and kept nowhere.
package struct NewToken {
  package let secret: String
  package let stanza: TokenStanza

  /// The names must be ones that `StanzaName` allows. Fails only if the system has no randomness to give.
  package init(name: ByteString, policies: [ByteString], notAfter: Timestamp? = nil) throws(DigestError) {
    let place = Place(file: "", line: 0, column: 0)
    let secret = try Randomness.identifier()
    self.secret = secret
    stanza = TokenStanza(
      name: name, place: place, accessorID: try .random(),
      secretDigests: [SHA256.digest(of: secret)],
      policies: policies.map { Reference(name: $0, place: place) }, notAfter: notAfter)
  }
}

// Interpolated, dumped or reflected, it does not show its secret.
extension NewToken: CustomStringConvertible, CustomReflectable {
  package var description: String { "(new token \(stanza.name))" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
