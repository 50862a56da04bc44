// Bytes that nobody can foretell, and names made of them.

import COpenSSL

package enum Randomness {
  /// From OpenSSL's generator; fails only if the kernel gives it no seed.
  package static func bytes(_ count: Int) throws(DigestError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return bytes }
    try Call.check("RAND_bytes") {
      unsafe bytes.withUnsafeMutableBufferPointer { unsafe RAND_bytes($0.baseAddress, Int32($0.count)) }
    }
    return bytes
  }

  /// The same in numbers.
  static func words(_ count: Int) throws(DigestError) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: count)
    guard count > 0 else { return words }
    try Call.check("RAND_bytes") {
      unsafe words.withUnsafeMutableBytes { bytes in
        unsafe RAND_bytes(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count))
      }
    }
    return words
  }

  /// 128 bits as 8-4-4-4-12 lower-case digits, the form of Consul's own identifiers, which set no
  /// version bits.
  package static func identifier() throws(DigestError) -> String {
    var source = IdentifierSource(reserve: 1)
    var text: [UInt8] = []
    try source.appendNext(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

/// Identifiers in quick succession: random bytes are fetched for many at once, since one call costs more
/// than the rest of the work. Not for secrets, which should not lie in a buffer.
package struct IdentifierSource: ~Copyable, Sendable {
  private static let wordsEach = 4
  private let reserve: Int
  private var words: [UInt32] = []
  private var used = 0

  package init(reserve: Int = 64) {
    self.reserve = reserve
  }

  /// Appends 36 bytes: 8-4-4-4-12 lower-case hexadecimal digits.
  package mutating func appendNext(to text: inout [UInt8]) throws(DigestError) {
    if used == words.count {
      words = try Randomness.words(reserve * IdentifierSource.wordsEach)
      used = 0
    }
    let hyphen = UInt8(ascii: "-")
    let (first, second, third, fourth) = (words[used], words[used + 1], words[used + 2], words[used + 3])
    used += IdentifierSource.wordsEach
    text.append(addingCapacity: 36) { text in
      Hexadecimal.append(digitsOf: first, to: &text)
      text.append(hyphen)
      Hexadecimal.append(digitsOf: UInt16(truncatingIfNeeded: second >> 16), to: &text)
      text.append(hyphen)
      Hexadecimal.append(digitsOf: UInt16(truncatingIfNeeded: second), to: &text)
      text.append(hyphen)
      Hexadecimal.append(digitsOf: UInt16(truncatingIfNeeded: third >> 16), to: &text)
      text.append(hyphen)
      Hexadecimal.append(digitsOf: UInt16(truncatingIfNeeded: third), to: &text)
      Hexadecimal.append(digitsOf: fourth, to: &text)
    }
  }
}
