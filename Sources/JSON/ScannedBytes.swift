// The text that a scan walks over: the only file of the scanner that reads through a pointer.

/// A list in place. Anyone who reads has compared the offset with `count`: bounds checks of every byte cost a third of a
/// scan's speed.
@safe struct ScannedBytes {
  private let base: UnsafePointer<UInt8>
  let count: Int

  /// The bytes must outlive this.
  init(_ bytes: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>) {
    unsafe self.base = base
    count = bytes.count
  }

  @inline(__always)
  func byte(_ offset: Int) -> UInt8 { unsafe base[offset] }

  /// Eight bytes, the first in the lowest.
  @inline(__always)
  func word(_ offset: Int) -> UInt64 {
    unsafe UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self).littleEndian
  }

  /// Lends a stretch. It is bounds-checked.
  func with<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a stretch outside the text")
    let stretch = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return try body(unsafe Span(_unsafeElements: stretch))
  }

  /// How many bytes from `first` and from `second` on are the same: `limit` at most, and as many as there are.
  /// `first` is before `second`, so that what is in bounds behind the one is so behind the other.
  func commonLength(_ first: Int, _ second: Int, atMost limit: Int) -> Int {
    let limit = min(limit, count &- second)
    let old = unsafe UnsafeRawPointer(base + first)
    let new = unsafe UnsafeRawPointer(base + second)
    // Most stretches are the same to their end; where they are not is looked for afterwards. The last bytes overlap
    // those before them.
    var length = 0
    if limit >= 64 {
      while length &+ 64 <= limit, unsafe areSame(old, new, length, length &+ 32) { length &+= 64 }
      if length &+ 64 > limit, unsafe areSame(old, new, limit &- 64, limit &- 32) { return limit }
    } else if limit >= 32, unsafe areSame(old, new, 0, limit &- 32) {
      return limit
    }
    while length &+ 8 <= limit {
      let bits = unsafe difference(old, new, length)
      if bits != 0 { return length &+ bits.trailingZeroBitCount &>> 3 }
      length &+= 8
    }
    if length < limit, limit >= 8 {
      let bits = unsafe difference(old, new, limit &- 8)
      return bits == 0 ? limit : limit &- 8 &+ bits.trailingZeroBitCount &>> 3
    }
    while length < limit, byte(first &+ length) == byte(second &+ length) { length &+= 1 }
    return length
  }

  /// Of twice 32 bytes.
  @inline(__always)
  private func areSame(
    _ old: UnsafeRawPointer, _ new: UnsafeRawPointer, _ offset: Int, _ other: Int
  ) -> Bool {
    let near = unsafe halfOfDifference(old, new, offset)
    let far = unsafe halfOfDifference(old, new, other)
    let bits = near | far
    let folded = bits.lowHalf | bits.highHalf
    return folded[0] | folded[1] == 0
  }

  @inline(__always)
  private func halfOfDifference(
    _ old: UnsafeRawPointer, _ new: UnsafeRawPointer, _ offset: Int
  ) -> SIMD4<UInt64> {
    unsafe old.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
      ^ (unsafe new.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self))
  }

  /// The bits that differ in eight bytes, the first byte in the lowest.
  @inline(__always)
  private func difference(_ old: UnsafeRawPointer, _ new: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    let old = unsafe old.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let new = unsafe new.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return (old ^ new).littleEndian
  }
}
