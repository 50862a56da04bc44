// Cuts CR LF lines out of bytes that arrive in any portions, looking at each byte once.

/// Finds the end of one line at a time.
///
/// RFC 9112 2.2 lets a recipient take a bare LF for a line end; the parties that do and those that do not
/// then disagree about where a head ends. So neither LF without CR nor CR without LF passes, and no control
/// byte: what a line holds is text (RFC 9110 5.5).
struct LineScanner: Sendable {
  /// How far the current line is known to be text.
  private var scanned = 0

  enum Step {
    /// The line's content, without its CR LF; the next line begins two bytes after its end.
    case line(Range<Int>)
    case incomplete
    /// The first byte that the limit does not allow for.
    case tooLong
  }

  /// Looks for the end of the line that begins at `start`. When it is not there yet, call again with more
  /// bytes and the same `start`, relative to the same line.
  ///
  /// Bytes are judged strictly in order, so the outcome does not depend on how they were portioned.
  mutating func next(
    in bytes: Span<UInt8>, from start: Int, limit: Int
  ) throws(Malformed) -> Step {
    let bound = start + limit
    let index = Self.skipText(bytes, from: start + scanned, to: min(bytes.count, bound))
    guard index < bytes.count else {
      scanned = index - start
      return .incomplete
    }
    switch bytes[index] {
    case ASCII.carriageReturn:
      guard index + 1 < bytes.count else {
        scanned = index - start
        return .incomplete
      }
      guard bytes[index + 1] == ASCII.lineFeed else { throw .bareCarriageReturn }
      scanned = 0
      return .line(start..<index)
    case ASCII.lineFeed: throw .bareLineFeed
    case let byte where ASCII.isFieldContent(byte): return .tooLong
    case let byte: throw .controlByte(byte)
    }
  }

  /// Whether all of it is what a line may hold.
  static func isText(_ bytes: Span<UInt8>) -> Bool {
    skipText(bytes, from: 0, to: bytes.count) == bytes.count
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The first offset from `index` on that holds no text; `end` if there is none. Eight bytes at a time.
  private static func skipText(_ bytes: Span<UInt8>, from index: Int, to end: Int) -> Int {
    var index = index
    while index < end {
      if index &+ 8 <= end {
        let word = bytes.word(at: index)
        let deletes = word ^ (ones &* 0x7F)
        // The high bit of the first lane that is below 0x20 or is 0x7F. A borrow can only spoil lanes above
        // the first hit, and only the first is used.
        let stops =
          (((word &- ones &* 0x20) & ~word) | ((deletes &- ones) & ~deletes)) & (ones &* 0x80)
        if stops == 0 {
          index &+= 8
          continue
        }
        index &+= stops.trailingZeroBitCount &>> 3
      }
      guard ASCII.isFieldContent(bytes[index]) else { return index }
      index &+= 1
    }
    return index
  }
}
