// The name of a peering, proven to be one.

import HTTP

/// Consul's rule: `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`.
///
/// Consul lower-cases names in paths, by Unicode's rules, and checks them only where a peering is made.
/// Here a name has one spelling, and every other is refused before it is compared with a policy.
package struct PeerName: Sendable {
  // In place rather than on the heap: a list makes one for each of its elements.
  private var storage = InlineArray<63, UInt8>(repeating: 0)
  private var length: UInt8 = 0

  /// nil if `bytes` are no valid name.
  package init?(_ bytes: Span<UInt8>) {
    guard LabelGrammar.isLabel(bytes) else { return nil }
    for index in bytes.indices { storage[index] = bytes[index] }
    length = UInt8(bytes.count)
  }

  package init?(_ text: String) {
    self.init(Array(text.utf8).span)
  }

  /// The name of a peering that Consul lists, which may have letters in upper case: those made before
  /// Consul 1.14.4, and those being deleted, which are listed as the deleting request spelt them. Consul
  /// finds both by their lower-case name, so that is the name to judge by. Only ASCII is folded.
  init?(listed bytes: Span<UInt8>) {
    var folded: [UInt8] = []
    for index in bytes.indices.prefix(PeeringLimits.nameBytes + 1) {
      let isUpperCase = bytes[index] &- UInt8(ascii: "A") < 26
      folded.append(isUpperCase ? bytes[index] | 0x20 : bytes[index])
    }
    self.init(folded.span)
  }

  package var count: Int { Int(length) }

  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.span.extracting(0..<count))
  }

  package func hasPrefix(_ prefix: Span<UInt8>) -> Bool {
    guard prefix.count <= count else { return false }
    for index in prefix.indices where prefix[index] != storage[index] { return false }
    return true
  }

  package var text: String {
    var bytes: [UInt8] = []
    withBytes { bytes.append($0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PeerName: Hashable, Comparable {
  package static func == (left: PeerName, right: PeerName) -> Bool {
    left.length == right.length && right.withBytes { left.hasPrefix($0) }
  }

  /// Byte by byte, as Consul orders its list.
  package static func < (left: PeerName, right: PeerName) -> Bool {
    for index in 0..<min(left.count, right.count) where left.storage[index] != right.storage[index] {
      return left.storage[index] < right.storage[index]
    }
    return left.count < right.count
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(length)
    for index in 0..<count { hasher.combine(storage[index]) }
  }
}

extension PeerName: CustomStringConvertible {
  package var description: String { text }
}

/// The shape that peer names and partition names share: a DNS label in lower case.
enum LabelGrammar {
  static func isLabel(_ bytes: Span<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard (1...PeeringLimits.nameBytes).contains(bytes.count), bytes[0] != hyphen,
      bytes[bytes.count - 1] != hyphen
    else { return false }
    if bytes.count < 8 {
      for index in bytes.indices where !isAlphanumeric(bytes[index]) && bytes[index] != hyphen {
        return false
      }
      return true
    }
    // The last eight, of which some are those before them once more.
    let last = bytes.count &- 8
    var index = 0
    while index < last {
      guard areLettersDigitsOrHyphens(bytes.word(at: index)) else { return false }
      index &+= 8
    }
    return areLettersDigitsOrHyphens(bytes.word(at: last))
  }

  /// Of eight bytes at once, since lists are full of names: the sums set the high bit of each byte that is at least
  /// so much, and none of them carries into the next.
  @inline(__always)
  private static func areLettersDigitsOrHyphens(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highBits: UInt64 = ones &* 0x80
    let low = word & ~highBits
    let letters = lanes(low, atLeast: UInt8(ascii: "a")) & ~lanes(low, atLeast: UInt8(ascii: "z") + 1)
    let digits = lanes(low, atLeast: UInt8(ascii: "0")) & ~lanes(low, atLeast: UInt8(ascii: "9") + 1)
    let hyphens = ~((low ^ ones &* UInt64(UInt8(ascii: "-"))) &+ ones &* 0x7F)
    return (letters | digits | hyphens) & ~word & highBits == highBits
  }

  /// The high bit of each byte that is at least so much.
  @inline(__always)
  private static func lanes(_ word: UInt64, atLeast byte: UInt8) -> UInt64 {
    word &+ 0x0101_0101_0101_0101 &* UInt64(0x80 &- byte)
  }

  @inline(__always)
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }
}
