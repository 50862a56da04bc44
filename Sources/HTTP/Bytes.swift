// The one place where borrowed bytes are copied into arrays in bulk.

extension Array where Element == UInt8 {
  /// Appends borrowed bytes as one block copy.
  package mutating func append(_ bytes: Span<UInt8>) {
    // Array has no bulk append for a Span yet; the pointer lives for this call alone.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  package mutating func append(_ literal: StaticString) {
    literal.withBytes { append($0) }
  }

  /// Appends a number in decimal, without a String in between.
  package mutating func append(decimal number: UInt64) {
    append(addingCapacity: Decimal.longestBytes) { $0.append(decimal: number) }
  }
}

/// The digits of a number.
enum Decimal {
  /// UInt64.max has twenty digits.
  static let longestBytes = 20
}

extension StaticString {
  /// Lends the literal's bytes.
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    withUTF8Buffer { unsafe body($0.span) }
  }
}

extension Span where Element == UInt8 {
  /// Whether these bytes are `literal`, letter case aside. Only for ASCII literals in lower case.
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

extension Span where Element == UInt8 {
  /// Eight bytes as a number, the first of them in its lowest byte.
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt64 {
    // Checked against the span's bounds; "unsafe" is only that any bit pattern is taken for a number.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
  }

  /// Whether these bytes are those of a span of the same length.
  func isIdentical(to other: Span<UInt8>) -> Bool {
    precondition(count == other.count)
    return begins(with: other)
  }

  /// Whether the first of these bytes are `prefix`, or all of them.
  package func begins(with prefix: Span<UInt8>) -> Bool {
    guard prefix.count <= count else { return false }
    var index = 0
    while index &+ 8 <= prefix.count {
      if word(at: index) != prefix.word(at: index) { return false }
      index &+= 8
    }
    // The last eight again: the first of them are known to be the same.
    if index > 0 {
      return index == prefix.count || word(at: prefix.count &- 8) == prefix.word(at: prefix.count &- 8)
    }
    while index < prefix.count {
      if self[index] != prefix[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Where `byte` first stands, looked for eight at a time.
  func firstIndex(of byte: UInt8) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let pattern = ones &* UInt64(byte)
    var index = 0
    while index &+ 8 <= count {
      // The lowest lane that is zero is marked; a borrow can only spoil lanes above it.
      let difference = word(at: index) ^ pattern
      let hits = (difference &- ones) & ~difference & (ones &* 0x80)
      if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < count {
      if self[index] == byte { return index }
      index &+= 1
    }
    return nil
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends bytes as one block copy; there must be room for them.
  @inline(__always)
  mutating func append(bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity, "more is written than room was made for")
    // The pointers live for this call alone, and the room was checked.
    unsafe withUnsafeMutableBufferPointer { space, count in
      unsafe bytes.withUnsafeBytes { bytes in
        guard let from = bytes.baseAddress, let to = space.baseAddress else { return }
        unsafe UnsafeMutableRawPointer(to + count).copyMemory(from: from, byteCount: bytes.count)
        count += bytes.count
      }
    }
  }

  @inline(__always)
  mutating func append(_ literal: StaticString) {
    // The only view of a StaticString is a pointer; it lives as long as the program.
    unsafe append(bytes: Span(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends a number in decimal.
  mutating func append(decimal number: UInt64) {
    // From the last digit to the first: dividing by ten is a multiplication, by a variable it is not.
    var digits = InlineArray<20, UInt8>(repeating: ASCII.zero)
    var rest = number
    var first = Decimal.longestBytes
    repeat {
      first &-= 1
      digits[first] = ASCII.zero &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    append(bytes: digits.span.extracting(first...))
  }
}
