// Eight bytes of a string looked at in one step.

struct EightBytes {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Little-endian, so that lower bits come first in the text.
  let word: UInt64

  /// The high bit of each byte that is a quotation mark, a backslash or below U+0020.
  ///
  /// Only the lowest of these bits is exact: a hit borrows from the byte above it and may fake one there.
  @inline(__always)
  var stops: UInt64 {
    let quotes = word ^ (Self.ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (Self.ones &* UInt64(UInt8(ascii: "\\")))
    let found =
      ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes)
      | ((word &- Self.ones &* 0x20) & ~word)
    return found & Self.highBits
  }
}
