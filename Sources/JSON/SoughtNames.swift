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

  /// For any other key. Never exact: an unusual spelling of a sought name is not to be relied upon, even if
  /// it decodes to it.
  func matchDecoded(_ key: Span<UInt8>) -> Match {
    guard let text = try? Text.decode(key) else { return .none }
    // Go's decoder, and so every official client, folds these two to s and k when it matches names.
    let scalars = text.unicodeScalars.map { scalar -> UInt32 in
      switch scalar {
      case "\u{17F}": UInt32(UInt8(ascii: "s"))
      case "\u{212A}": UInt32(UInt8(ascii: "k"))
      default: scalar.isASCII ? UInt32(Self.folded(UInt8(scalar.value))) : scalar.value
      }
    }
    let index = names.firstIndex { $0.map { UInt32(Self.folded($0)) } == scalars }
    return index.map { .alike($0) } ?? .none
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
