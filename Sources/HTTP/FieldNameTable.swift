// Finds a known field name without building or comparing a String.

/// A hash table over the spellings, open addressing, built once.
struct FieldNameTable: Sendable {
  static let shared = FieldNameTable()

  // A power of two well above the number of names, so that probes are short.
  private static let slotCount = 256
  private static let free = UInt8.max

  private var slots = [UInt8](repeating: free, count: slotCount)

  private init() {
    precondition(FieldName.allCases.count < Self.slotCount / 2 && FieldName.allCases.count <= 64)
    for name in FieldName.allCases {
      var hash = Self.hashStart
      name.spelling.withBytes { spelling in
        for index in spelling.indices { hash = Self.hash(hash, spelling[index]) }
      }
      var slot = Int(hash) % Self.slotCount
      while slots[slot] != Self.free { slot = (slot + 1) % Self.slotCount }
      slots[slot] = name.rawValue
    }
  }

  static let hashStart: UInt32 = 2_166_136_261

  /// Letters of either case give the same hash; the comparison afterwards is exact.
  @inline(__always)
  static func hash(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte | 0x20)) &* 16_777_619 }

  /// The known name that `bytes` spell, letter case aside. `hash` is theirs, taken by the caller on the way.
  func find(_ bytes: Span<UInt8>, hash: UInt32) -> FieldName? {
    var slot = Int(hash) % Self.slotCount
    while slots[slot] != Self.free {
      if let name = FieldName(rawValue: slots[slot]), Self.spells(bytes, name) { return name }
      slot = (slot + 1) % Self.slotCount
    }
    return nil
  }

  func find(_ bytes: Span<UInt8>) -> FieldName? {
    var hash = Self.hashStart
    for index in bytes.indices { hash = Self.hash(hash, bytes[index]) }
    return find(bytes, hash: hash)
  }

  private static func spells(_ bytes: Span<UInt8>, _ name: FieldName) -> Bool {
    let spelling = name.spelling
    guard bytes.count == spelling.utf8CodeUnitCount else { return false }
    return spelling.withBytes { expected in
      for index in bytes.indices {
        // Mostly the spelling is ours, and nothing differs; else only the case of a letter may.
        let difference = bytes[index] ^ expected[index]
        let isSame = difference == 0 || (difference == 0x20 && (bytes[index] | 0x20) &- 0x61 < 26)
        if !isSame { return false }
      }
      return true
    }
  }
}
