// The member names that a scan looks for, and the spellings it takes for attempts at them.

/// One name or two, compared with keys in place.
struct SoughtNames: Sendable {
  enum Match {
    case none
    case exact(Int)
    case alike(Int)
  }

  private let names: [[UInt8]]
  /// Bit n is set if a name is n bytes long.
  private let lengths: UInt64

  init(_ names: [String]) {
    precondition((1...2).contains(names.count), "a scan looks for one name or two")
    precondition(names.allSatisfy { (1..<64).contains($0.utf8.count) }, "a sought name has 1 to 63 bytes")
    self.names = names.map { Array($0.utf8) }
    lengths = names.reduce(0) { $0 | 1 << UInt64($1.utf8.count) }
  }

  /// False if no name has that length: the end of the matter for nearly every plain key.
  @inline(__always)
  func mayMatch(length: Int) -> Bool { length < 64 && lengths & (1 &<< UInt64(length)) != 0 }

  /// For a key that is ASCII without escapes.
  func matchPlain(_ key: Span<UInt8>) -> Match {
    for (index, name) in names.enumerated() where name.count == key.count {
      var isExact = true
      var isAlike = true
      for offset in key.indices where key[offset] != name[offset] {
        isExact = false
        isAlike = isAlike && Self.folded(key[offset]) == Self.folded(name[offset])
      }
      if isExact { return .exact(index) }
      if isAlike { return .alike(index) }
    }
    return .none
  }

  /// For any other key, whose escapes and encoding the scan has proven valid. Never exact: an unusual spelling of a sought
  /// name is not to be relied upon, even if it decodes to it.
  ///
  /// Nothing is decoded into memory, and a name is given up at the first byte that differs, so that a list of escaped keys
  /// costs what a list of plain ones does.
  func matchDecoded(_ key: Span<UInt8>) -> Match {
    for (index, name) in names.enumerated() where Self.spells(key, name) { return .alike(index) }
    return .none
  }

  private static func spells(_ key: Span<UInt8>, _ name: [UInt8]) -> Bool {
    var offset = 0
    for letter in name {
      guard offset < key.count, let decoded = foldedScalar(in: key, at: &offset), decoded == folded(letter)
      else { return false }
    }
    return offset == key.count
  }

  /// The scalar at `offset` in lower case if it is or folds to an ASCII one, and moves past it; nil for all others. Go's
  /// decoder, and so every official client, folds U+017F and U+212A to s and k when it matches names.
  private static func foldedScalar(in key: Span<UInt8>, at offset: inout Int) -> UInt8? {
    let byte = key[offset]
    if byte == UInt8(ascii: "\\") { return escapedScalar(in: key, at: &offset) }
    offset += 1
    if byte < 0x80 { return folded(byte) }
    if byte == 0xC5, offset < key.count, key[offset] == 0xBF {
      offset += 1
      return UInt8(ascii: "s")
    }
    if byte == 0xE2, offset + 1 < key.count, key[offset] == 0x84, key[offset + 1] == 0xAA {
      offset += 2
      return UInt8(ascii: "k")
    }
    return nil
  }

  private static func escapedScalar(in key: Span<UInt8>, at offset: inout Int) -> UInt8? {
    guard offset + 1 < key.count else { return nil }
    guard key[offset + 1] == UInt8(ascii: "u") else {
      // The short escapes stand for no letter: `/`, quotes and controls are in no sought name.
      return nil
    }
    guard offset + 6 <= key.count else { return nil }
    var unit = 0
    for position in offset + 2..<offset + 6 {
      guard let digit = Text.hexadecimalDigit(key[position]) else { return nil }
      unit = unit << 4 | Int(digit)
    }
    offset += 6
    switch unit {
    case 0x17F: return UInt8(ascii: "s")
    case 0x212A: return UInt8(ascii: "k")
    case 0..<0x80: return folded(UInt8(unit))
    default: return nil
    }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
