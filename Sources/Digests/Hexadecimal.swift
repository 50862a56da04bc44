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

  /// Sixteen digits.
  @inline(__always)
  static func append(_ word: UInt64, to text: inout OutputSpan<UInt8>) {
    append(digitsOf: UInt32(truncatingIfNeeded: word >> 32), to: &text)
    append(digitsOf: UInt32(truncatingIfNeeded: word), to: &text)
  }

  /// Eight digits.
  @inline(__always)
  static func append(digitsOf word: UInt32, to text: inout OutputSpan<UInt8>) {
    text.append(bigEndian: digits(ofLow: UInt64(word)))
  }

  /// Four digits.
  @inline(__always)
  static func append(digitsOf half: UInt16, to text: inout OutputSpan<UInt8>) {
    text.append(bigEndian: UInt32(truncatingIfNeeded: digits(ofLow: UInt64(half))))
  }

  /// The eight digits of the lower half of `word`, the first in the highest byte.
  private static func digits(ofLow word: UInt64) -> UInt64 {
    // Each step moves the upper half of every group away from its lower half, until each digit has a byte.
    var spread = (word | word << 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
    spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // A digit above nine carries into its byte's fifth bit when six is added to it.
    let ones: UInt64 = 0x0101_0101_0101_0101
    let letters = (spread &+ 6 &* ones) >> 4 & ones
    return spread &+ 0x30 &* ones &+ letters &* 39
  }

  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 {
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

extension OutputSpan<UInt8> {
  /// The bytes of a number, the highest first.
  @inline(__always)
  fileprivate mutating func append(bigEndian number: some FixedWidthInteger) {
    let size = number.bitWidth / 8
    precondition(size <= freeCapacity, "more is written than room was made for")
    // One store in place of a loop. The pointer lives for this call alone, and the room was checked.
    unsafe withUnsafeMutableBufferPointer { space, count in
      guard let start = space.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(start + count).storeBytes(of: number.bigEndian, as: type(of: number))
      count += size
    }
  }
}
