// Comma-separated lists in field values.

/// RFC 9110 5.6.1: #element, where empty elements are to be ignored.
enum ListElements {
  /// Calls `body` with each element that is not empty, without the blanks around it.
  static func forEach<Failure: Error>(
    _ value: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    while start <= value.count {
      var end = start
      while end < value.count, value[end] != ASCII.comma { end += 1 }
      let element = trimmed(value, start..<end)
      if !element.isEmpty { try body(value.extracting(element)) }
      start = end + 1
    }
  }

  /// The part of `range` between optional white space (RFC 9110 5.6.3).
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, ASCII.isWhitespace(bytes[lower]) { lower += 1 }
    while upper > lower, ASCII.isWhitespace(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }
}
