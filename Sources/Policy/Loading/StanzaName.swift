// What policies and tokens may be called.

package import Bytes

package enum StanzaName {
  /// Consul's rule: letters, digits, `-` and `_`.
  package static func isPolicy(_ text: ByteString) -> Bool {
    (1...PolicyLimits.nameBytes).contains(text.count) && text.utf8.allSatisfy(isWordByte)
  }

  /// What people build names of, and neither blanks nor quotes, since names stand in log lines. `anonymous`
  /// is what records call a caller without a token.
  package static func isToken(_ text: ByteString) -> Bool {
    (1...PolicyLimits.nameBytes).contains(text.count) && text != "anonymous"
      && text.utf8.allSatisfy { isWordByte($0) || ".:@/".utf8.contains($0) }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
