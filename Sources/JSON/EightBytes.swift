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

extension EightBytes {
  /// The high bit of each byte that is a line feed, and no other.
  fileprivate var lineFeeds: UInt64 {
    let differences = word ^ (Self.ones &* 0x0A)
    return ~(((differences & ~Self.highBits) &+ ~Self.highBits) | differences | ~Self.highBits)
  }
}

extension Span<UInt8> {
  /// How many lines end before `offset`, and where the one that holds it begins.
  func lines(before offset: Int) -> (count: Int, start: Int) {
    let raw = unsafe bytes
    var (index, lines, start) = (0, 0, 0)
    while index &+ 8 <= offset {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let found = EightBytes(word: word).lineFeeds
      if found != 0 {
        lines += found.nonzeroBitCount
        start = index + 8 - found.leadingZeroBitCount >> 3
      }
      index &+= 8
    }
    while index < offset {
      if self[index] == 0x0A { (lines, start) = (lines + 1, index + 1) }
      index += 1
    }
    return (lines, start)
  }

  /// The end of the bytes from `start` on that are, in eights, no quotation mark, no backslash and not below U+0020.
  @inline(__always)
  func endOfPlainEights(from start: Int) -> Int {
    // Raw views and unaligned loads count as unsafe, although bytes have no padding and bounds are checked.
    let raw = unsafe bytes
    var index = start
    while index &+ 8 <= raw.byteCount {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      if EightBytes(word: word).stops != 0 { break }
      index &+= 8
    }
    return index
  }
}
