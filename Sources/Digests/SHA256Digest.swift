// Thirty-two bytes that stand for others.

/// The value of SHA-256 or HMAC-SHA-256. Comparing two takes the same time wherever they differ.
package struct SHA256Digest: Sendable, Hashable {
  package static let byteCount = 32

  // Four words rather than an array: no allocation, and equality without a branch.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Exactly 32 bytes, or nil.
  package init?(bytes: Span<UInt8>) {
    guard bytes.count == SHA256Digest.byteCount else { return nil }
    words = (
      SHA256Digest.word(bytes, at: 0), SHA256Digest.word(bytes, at: 8), SHA256Digest.word(bytes, at: 16),
      SHA256Digest.word(bytes, at: 24)
    )
  }

  /// 64 lower-case hexadecimal digits, or nil: one digest has one spelling.
  package init?(hexadecimal: String) {
    guard let bytes = try? Hexadecimal.decode(hexadecimal.utf8.span) else { return nil }
    self.init(bytes: bytes.span)
  }

  /// For the calls that fill exactly 32 bytes.
  init<Failure: Error>(fill: (UnsafeMutablePointer<UInt8>) throws(Failure) -> Void) throws(Failure) {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    // The pointer does not outlive the call, and 32 bytes are what every caller's function writes.
    try unsafe span.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
      if let base = buffer.baseAddress { try unsafe fill(base) }
    }
    let filled = bytes.span
    words = (
      SHA256Digest.word(filled, at: 0), SHA256Digest.word(filled, at: 8), SHA256Digest.word(filled, at: 16),
      SHA256Digest.word(filled, at: 24)
    )
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(SHA256Digest.byteCount)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }

  /// 64 lower-case hexadecimal digits.
  package var hexadecimal: String { Hexadecimal.encode(bytes.span) }

  /// The same, where there is room for 64 more bytes.
  package func appendHexadecimal(to text: inout OutputSpan<UInt8>) {
    Hexadecimal.append(words.0, to: &text)
    Hexadecimal.append(words.1, to: &text)
    Hexadecimal.append(words.2, to: &text)
    Hexadecimal.append(words.3, to: &text)
  }

  package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
      | (left.words.3 ^ right.words.3) == 0
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.3)
  }

  /// The words in the order of their bytes, for anyone who digests a digest.
  var networkOrder: (UInt64, UInt64, UInt64, UInt64) {
    (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }

  private static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in offset..<offset + 8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}

extension SHA256Digest: CustomStringConvertible {
  package var description: String { hexadecimal }
}
