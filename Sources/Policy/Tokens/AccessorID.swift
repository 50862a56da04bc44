// The public name of a token.
package import Bytes
import Digests

/// A UUID in lower case, 8-4-4-4-12: what denials and audit records say instead of the secret.
package struct AccessorID: Sendable, Hashable {
  private let bytes: ByteString

  package var text: String { bytes.string }

  /// Refuses other spellings of the same UUID: upper case, braces, no hyphens.
  package init?(_ text: ByteString) {
    guard text.count == 36 else { return nil }
    for (offset, byte) in text.utf8.enumerated() {
      if [8, 13, 18, 23].contains(offset) {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return nil }
      }
    }
    bytes = text
  }

  private init(unchecked text: String) { bytes = ByteString(text) }

  static func random() throws(DigestError) -> AccessorID {
    AccessorID(unchecked: try Randomness.identifier())
  }

  /// The anonymous token's, the same as in Consul.
  package static let anonymous = AccessorID(unchecked: "00000000-0000-0000-0000-000000000002")
}
