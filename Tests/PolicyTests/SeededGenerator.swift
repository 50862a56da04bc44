// Randomness that comes out the same in every run, so that a failure can be looked at twice.

struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  /// xorshift64*: no cryptography, good enough to stir cases.
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_f491_4f6c_dd1d
  }

  /// A short name over few letters, so that names, prefixes and partitions meet often.
  mutating func name(_ length: ClosedRange<Int>) -> String {
    String((0..<Int.random(in: length, using: &self)).map { _ in "aab-".randomElement(using: &self) ?? "a" })
  }
}
