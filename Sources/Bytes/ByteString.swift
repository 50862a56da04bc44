// Text from outside, which is never compared as Swift compares strings.

/// Valid UTF-8 that is compared, hashed, ordered and searched by its bytes, each in time linear in its length.
///
/// Swift's `String` compares by canonical equivalence (Unicode Standard Annex 15): it normalises first, which takes time
/// quadratic in a run of combining marks, and takes for equal what Go, and so Consul, keeps apart. Whatever a client,
/// Consul, a policy file or a log says is a `ByteString` before it becomes a key or is compared with anything.
package struct ByteString: Sendable {
  /// The same text, to be shown to people and for nothing else.
  package let string: String

  package init(_ string: String) {
    var string = string
    // Bytes in one piece, so that every comparison below is a block comparison.
    string.makeContiguousUTF8()
    self.string = string
  }

  package init(_ substring: Substring) { self.init(String(substring)) }

  /// Nil if the bytes are not UTF-8 (RFC 3629).
  package init?(validating bytes: Span<UInt8>) {
    guard let text = try? UTF8Span(validating: bytes) else { return nil }
    string = String(copying: text)
  }

  package var utf8: String.UTF8View { string.utf8 }
  package var isEmpty: Bool { string.utf8.isEmpty }
  /// Bytes, not characters: of a contiguous string it takes constant time.
  package var count: Int { string.utf8.count }
}

extension ByteString: Hashable {
  package static func == (left: ByteString, right: ByteString) -> Bool {
    left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var copy = string
    copy.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

extension ByteString: Comparable {
  package static func < (left: ByteString, right: ByteString) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension ByteString: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self.init(value) }
}

extension ByteString: CustomStringConvertible {
  package var description: String { string }
}

extension ByteString {
  package func hasPrefix(_ prefix: ByteString) -> Bool { utf8.starts(with: prefix.utf8) }

  package func hasSuffix(_ suffix: ByteString) -> Bool {
    utf8.reversed().starts(with: suffix.utf8.reversed())
  }

  package func contains(_ byte: UInt8) -> Bool { utf8.contains(byte) }

  /// Takes the product of both lengths: what is sought is a word of ours.
  package func contains(_ word: ByteString) -> Bool {
    guard word.count <= count else { return false }
    var rest = utf8[...]
    while rest.count >= word.count {
      if rest.starts(with: word.utf8) { return true }
      rest.removeFirst()
    }
    return false
  }

  /// Whether all of it is ASCII.
  package var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// With the letters A to Z in lower case, and nothing else changed.
  package var lowercasedASCII: ByteString {
    guard utf8.contains(where: { 0x41...0x5A ~= $0 }) else { return self }
    return ByteString(String(decoding: utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self))
  }

  /// Whether both are the same but for the case of ASCII letters.
  package func equalsIgnoringASCIICase(_ other: ByteString) -> Bool {
    lowercasedASCII == other.lowercasedASCII
  }
}
