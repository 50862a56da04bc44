// Strings: most of the bytes of a list, so eight at a time.

/// Where a string's contents stand, and what a reader must do to them.
struct ScannedString {
  let contents: Range<Int>
  let isEscaped: Bool
  let isASCII: Bool
}

extension ScanCursor {
  /// Nearly all of them are ASCII without an escape.
  @inline(__always)
  mutating func string() throws(ScanFault) -> ScannedString {
    let start = offset + 1
    var seen: UInt64 = 0
    let end = skipPlain(from: start, seen: &seen)
    guard end < count, byte(end) == UInt8(ascii: "\""), seen & EightBytes.highBits == 0,
      end &- start <= Limits.scannedTokenBytes
    else { return try stringInFull() }
    offset = end &+ 1
    return ScannedString(contents: start..<end, isEscaped: false, isASCII: true)
  }

  @inline(never)
  private mutating func stringInFull() throws(ScanFault) -> ScannedString {
    let start = offset + 1
    var index = start
    var seen: UInt64 = 0
    var isEscaped = false
    while true {
      index = skipPlain(from: index, seen: &seen)
      guard index < count else {
        throw ScanFault(.end("the closing quotation mark of a string"), count)
      }
      guard index - start <= Limits.scannedTokenBytes else { throw ScanFault(.token, start - 1) }
      switch byte(index) {
      case UInt8(ascii: "\""):
        offset = index + 1
        let isASCII = seen & EightBytes.highBits == 0
        if !isASCII { try validate(start..<index) }
        return ScannedString(contents: start..<index, isEscaped: isEscaped, isASCII: isASCII)
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = try skipEscape(index)
      default: throw ScanFault(.control, index)
      }
    }
  }

  /// The first offset from `index` on that holds a quotation mark, a backslash or a control byte; the end
  /// if there is none. High bits of the bytes passed over are gathered in `seen`.
  @inline(__always)
  private func skipPlain(from index: Int, seen: inout UInt64) -> Int {
    var index = index
    while index &+ 8 <= count {
      let eight = EightBytes(word: bytes.word(index))
      let stops = eight.stops
      if stops == 0 {
        seen |= eight.word
        index &+= 8
        continue
      }
      // Only what stands before the stop belongs to the string.
      seen |= eight.word & ((stops & (0 &- stops)) &- 1)
      return index &+ stops.trailingZeroBitCount >> 3
    }
    while index < count {
      let next = byte(index)
      if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") || next < 0x20 { return index }
      seen |= UInt64(next)
      index += 1
    }
    return index
  }

  private func skipEscape(_ index: Int) throws(ScanFault) -> Int {
    guard index + 1 < count else { throw ScanFault(.end("an escape"), count) }
    switch byte(index + 1) {
    case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      guard index + 6 <= count else { throw ScanFault(.end("four hexadecimal digits"), count) }
      for offset in index + 2..<index + 6 where Text.hexadecimalDigit(byte(offset)) == nil {
        throw ScanFault(.escape, index)
      }
      return index + 6
    default: throw ScanFault(.escape, index)
    }
  }

  private func validate(_ range: Range<Int>) throws(ScanFault) {
    try bytes.with(range) { (span) throws(ScanFault) in
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: span)
      } catch {
        throw ScanFault(.notUTF8, range.lowerBound + error.byteOffsets.lowerBound)
      }
    }
  }
}
