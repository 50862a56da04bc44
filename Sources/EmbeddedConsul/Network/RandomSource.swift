// Identifiers and jitter: the only randomness of the core, replaceable so that a run can be repeated.

package import Bytes

package struct RandomSource: Sendable {
  private enum Source {
    case system
    case seeded(UInt64)
  }

  private var source: Source
  /// Handed out before any random identifier, first one first: a replay of recorded exchanges puts Consul's
  /// own identifiers here.
  package var foreseenIdentifiers: [ByteString] = []

  package static let system = RandomSource(source: .system)

  package static func seeded(_ seed: UInt64) -> RandomSource {
    RandomSource(source: .seeded(seed))
  }

  private init(source: Source) {
    self.source = source
  }

  /// 16 random bytes as Consul prints them: 8-4-4-4-12 lower-case hexadecimal, without RFC 4122's version
  /// bits.
  package mutating func identifier() -> ByteString {
    if !foreseenIdentifiers.isEmpty { return foreseenIdentifiers.removeFirst() }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for half in [word(), word()] {
      for shift in stride(from: 60, through: 0, by: -4) {
        if [8, 13, 18, 23].contains(text.count) { text.append(UInt8(ascii: "-")) }
        text.append(digits[Int(half >> UInt64(shift) & 15)])
      }
    }
    return ByteString(String(decoding: text, as: UTF8.self))
  }

  /// Evenly spread over 0 ..< 1.
  package mutating func fraction() -> Double {
    Double(word() >> 11) / 9_007_199_254_740_992
  }

  private mutating func word() -> UInt64 {
    switch source {
    case .system:
      return UInt64.random(in: .min ... .max)
    case .seeded(let state):
      // SplitMix64 (Steele, Lea, Flood 2014): one addition and two multiplications a word, no weak seeds.
      let next = state &+ 0x9E37_79B9_7F4A_7C15
      source = .seeded(next)
      var mixed = (next ^ (next >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
