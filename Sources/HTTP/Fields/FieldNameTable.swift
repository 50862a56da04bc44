// Finds a known field name without building or comparing a String.

/// A hash table over the spellings, open addressing, built once.
///
/// Names are compared eight bytes at a time, letter case aside: a byte of a letter's place is folded, every
/// other has to be the very same. The last eight overlap those before where the length is no multiple of eight.
struct FieldNameTable: Sendable {
  static let shared = FieldNameTable()

  // A power of two well above the number of names, so that probes are short.
  private static let slotCount = 256
  private static let free = UInt8.max
  /// Words of the longest name, its overlapping last one included.
  private static let wordsEach = 5

  private var slots = [UInt8](repeating: free, count: slotCount)
  private var lengths: [UInt8] = []
  /// `wordsEach` for each name: the spelling in lower case, and 0x20 where it has a letter.
  private var words: [UInt64] = []
  private var folds: [UInt64] = []

  private init() {
    precondition(FieldName.allCases.count < Self.slotCount / 2 && FieldName.allCases.count <= 64)
    for name in FieldName.allCases {
      name.spelling.withBytes { spelling in
        precondition(spelling.count <= 8 * Self.wordsEach, "a name is longer than its words")
        lengths.append(UInt8(spelling.count))
        for index in 0..<Self.wordsEach {
          let isUsed = index < Self.wordCount(spelling.count)
          let word = isUsed ? Self.word(spelling, index) : 0
          let fold = Self.lettersFold(word)
          words.append(word | fold)
          folds.append(fold)
        }
        var slot = Self.slot(spelling)
        while slots[slot] != Self.free { slot = (slot + 1) % Self.slotCount }
        slots[slot] = name.rawValue
      }
    }
  }

  /// The known name that `bytes` spell, letter case aside.
  func find(_ bytes: Span<UInt8>) -> FieldName? {
    guard !bytes.isEmpty else { return nil }
    let slots = slots.span
    var slot = Self.slot(bytes)
    while slots[slot] != Self.free {
      if spells(bytes, slots[slot]) { return FieldName(rawValue: slots[slot]) }
      slot = (slot + 1) % Self.slotCount
    }
    return nil
  }

  private func spells(_ bytes: Span<UInt8>, _ name: UInt8) -> Bool {
    let (lengths, words, folds) = (lengths.span, words.span, folds.span)
    guard bytes.count == Int(lengths[Int(name)]) else { return false }
    let first = Int(name) * Self.wordsEach
    for index in 0..<Self.wordCount(bytes.count)
    where Self.word(bytes, index) | folds[first + index] != words[first + index] { return false }
    return true
  }

  private static func wordCount(_ length: Int) -> Int { (length + 7) / 8 }

  /// Letters of either case give the same slot; what else folding throws together, the comparison tells apart.
  private static func slot(_ bytes: Span<UInt8>) -> Int {
    let fold: UInt64 = 0x2020_2020_2020_2020
    let ends = (word(bytes, 0) | fold) ^ (word(bytes, wordCount(bytes.count) - 1) | fold) &<< 1
    let mixed = (ends ^ UInt64(truncatingIfNeeded: bytes.count)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed &>> 56)
  }

  /// Bytes from `8 * index` on, or the last eight where there are fewer; of a short text all there are.
  private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    if bytes.count >= 8 { return bytes.word(at: min(8 * index, bytes.count - 8)) }
    var word: UInt64 = 0
    for index in bytes.indices { word = word &<< 8 | UInt64(bytes[index]) }
    return word
  }

  private static func lettersFold(_ word: UInt64) -> UInt64 {
    var fold: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8)
    where (UInt8(truncatingIfNeeded: word &>> shift) | 0x20) &- 0x61 < 26 { fold |= 0x20 &<< shift }
    return fold
  }
}
