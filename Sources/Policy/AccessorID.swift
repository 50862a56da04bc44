// The public name of a token.
import Digests

/// A UUID in lower case, 8-4-4-4-12: what denials and audit records say instead of the secret.
package struct AccessorID: Sendable, Hashable {
  package let text: String

  /// Refuses other spellings of the same UUID: upper case, braces, no hyphens.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.count == 36 else { return nil }
    for (offset, byte) in bytes.enumerated() {
      if [8, 13, 18, 23].contains(offset) {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return nil }
      }
    }
    self.text = text
  }

  private init(unchecked text: String) { self.text = text }

  static func random() throws(DigestError) -> AccessorID {
    AccessorID(unchecked: try Randomness.identifier())
  }

  /// The anonymous token's, the same as in Consul.
  package static let anonymous = AccessorID(unchecked: "00000000-0000-0000-0000-000000000002")
}
