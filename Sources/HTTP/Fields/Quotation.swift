// Input made safe to show: printable, short, and never mistaken for the sentence around it.

/// Quotes bytes of a stranger's for an error text or a log.
package enum Quotation {
  /// Longer input may be a secret in the wrong place: only its beginning is shown, and marked with an ellipsis.
  package static let longestBytes = 24
  /// What stands for the rest of longer input.
  static let cutMark: StaticString = "…"
  /// Of longer input, so much is shown.
  package static let beginningBytes = 8

  /// `bytes` between single quotes; everything but printable ASCII as `\xNN`.
  package static func quote(_ bytes: Span<UInt8>) -> String {
    var text: [UInt8] = [0x27]
    for index in 0..<shownBytes(of: bytes.count) {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F, byte != 0x27, byte != 0x5C {
        text.append(byte)
      } else {
        text.append("\\x")
        text.append(hexadecimalDigit(byte >> 4))
        text.append(hexadecimalDigit(byte & 0x0F))
      }
    }
    if bytes.count > longestBytes { text.append(cutMark) }
    text.append(0x27)
    return String(decoding: text, as: UTF8.self)
  }

  /// How many bytes of an input of `count` are shown.
  package static func shownBytes(of count: Int) -> Int { count > longestBytes ? beginningBytes : count }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
