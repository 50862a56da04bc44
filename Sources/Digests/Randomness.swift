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
  private static let bytesEach = 16
  private let reserve: Int
  private var bytes: [UInt8] = []
  private var used = 0

  package init(reserve: Int = 64) {
    self.reserve = reserve
  }

  /// Appends 36 bytes: 8-4-4-4-12 lower-case hexadecimal digits.
  package mutating func appendNext(to text: inout [UInt8]) throws(DigestError) {
    if used == bytes.count {
      bytes = try Randomness.bytes(reserve * IdentifierSource.bytesEach)
      used = 0
    }
    let first = used
    used += IdentifierSource.bytesEach
    let own = bytes.span.extracting(first..<used)
    text.append(addingCapacity: 36) { text in
      for index in own.indices {
        if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
        Hexadecimal.append(own[index], to: &text)
      }
    }
  }
}
