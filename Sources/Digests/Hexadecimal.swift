// Bytes as pairs of lower-case hexadecimal digits.

package enum Hexadecimal {
  package static func encode(_ bytes: Span<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for index in bytes.indices { append(bytes[index], to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Lower-case digits only and an even number of them: no two texts stand for the same bytes.
  package static func decode(_ text: Span<UInt8>) throws(DigestError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var index = 0
    while index < text.count {
      guard let high = value(of: text[index]) else { throw .illegalHexadecimal(offset: index) }
      guard index + 1 < text.count, let low = value(of: text[index + 1]) else {
        throw .illegalHexadecimal(offset: index + 1)
      }
      bytes.append(high << 4 | low)
      index += 2
    }
    return bytes
  }

  static func append(_ byte: UInt8, to text: inout [UInt8]) {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }

  static func append(_ word: UInt64, to text: inout [UInt8]) {
    // All sixteen at once: the audit chain spells a digest a line, and each append checks for room.
    text.append(addingCapacity: 16) { digits in
      var shift: UInt64 = 64
      while shift > 0 {
        shift -= 4
        digits.append(digit(UInt8(truncatingIfNeeded: word >> shift) & 15))
      }
    }
  }

  @inline(__always)
  static func digit(_ value: UInt8) -> UInt8 {
    value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
