// The one place where borrowed bytes are copied into arrays in bulk.

extension Array where Element == UInt8 {
  /// Appends borrowed octets as one block copy.
  package mutating func append(_ bytes: Span<UInt8>) {
    // Array has no bulk append for a Span yet; the pointer lives for this call alone.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  package mutating func append(_ literal: StaticString) {
    literal.withBytes { append($0) }
  }

  /// Appends a number in decimal, without a String in between.
  package mutating func append(decimal number: UInt64) {
    var divisor: UInt64 = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(ASCII.zero + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }
}

extension StaticString {
  /// Lends the literal's octets.
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    withUTF8Buffer { unsafe body($0.span) }
  }
}

extension Span where Element == UInt8 {
  /// Whether these octets are `literal`, letter case aside. Only for ASCII literals in lower case.
  package func equals(lowercased literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    return literal.withBytes { expected in
      for index in indices where ASCII.lowercased(self[index]) != expected[index] { return false }
      return true
    }
  }

  package func equals(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    return literal.withBytes { expected in
      for index in indices where self[index] != expected[index] { return false }
      return true
    }
  }
}
