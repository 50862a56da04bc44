// The usual reply to a read, recognised without parsing all of it.

import HTTP

/// Consul writes a peering without a single escape and with one `Name`. Such a text is told by its quotation marks and
/// brackets alone, in a third of the time; whatever is not as plain is left to the parser.
enum PlainResponse {
  /// Whether `text` is one object whose only `Name` is `peer`, in lower case, and which has no `Partition`; names in the
  /// objects within it do not count. False says nothing.
  static func isAbout(_ peer: PeerName, _ text: Span<UInt8>) -> Bool {
    guard text.count > 1, text[0] == UInt8(ascii: "{") else { return false }
    var index = 1
    // A bit for each bracket that is open, the last one lowest, below a bit that marks the end: set for an object.
    var open: UInt64 = 0b11
    var isNamed = false
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard open.leadingZeroBitCount > 0 else { return false }
        open = open &<< 1 | (text[index] == UInt8(ascii: "{") ? 1 : 0)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open & 1 == (text[index] == UInt8(ascii: "}") ? 1 : 0) else { return false }
        open &>>= 1
        if open == 1 { return isNamed && text.isBlank(from: index + 1) }
      case UInt8(ascii: "\""):
        guard let end = text.endOfPlainString(from: index + 1) else { return false }
        let word = text.extracting(index + 1..<end)
        index = end
        guard open == 0b11, word.isSought else { break }
        // Any other spelling of it, or a second one, is the parser's.
        guard !isNamed, word.isName, let value = nameEnd(peer, in: text, after: end) else { return false }
        (isNamed, index) = (true, value)
      default: break
      }
      index += 1
    }
    return false
  }

  /// The last byte of `:"peer"`, if that stands right behind `mark`.
  private static func nameEnd(_ peer: PeerName, in text: Span<UInt8>, after mark: Int) -> Int? {
    peer.withBytes { peer in
      let end = mark + 3 + peer.count
      guard end < text.count, text[mark + 1] == UInt8(ascii: ":"), text[mark + 2] == UInt8(ascii: "\""),
        text[end] == UInt8(ascii: "\"")
      else { return nil }
      for index in peer.indices where text[mark + 3 + index] != peer[index] { return nil }
      return end
    }
  }
}

extension Span<UInt8> {
  fileprivate var isName: Bool {
    self[0] == UInt8(ascii: "N") && self[1] == UInt8(ascii: "a") && self[2] == UInt8(ascii: "m")
      && self[3] == UInt8(ascii: "e")
  }

  /// Whether Go would take it for `Name` or `Partition`: it compares keys without regard to case. Beyond ASCII no letter
  /// folds to one of theirs (the long s and the sign for kelvin fold to s and k).
  fileprivate var isSought: Bool {
    switch count {
    case 4: equals(lowercased: "name")
    case 9: equals(lowercased: "partition")
    default: false
    }
  }

  /// Where the next quotation mark stands, unless an escape comes first. Eight eight at a time: of each lane that is one
  /// of the two the high bit is set. A borrow can only spoil lanes above the first hit, and only the first is used.
  @inline(__always)
  fileprivate func endOfPlainString(from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index &+ 8 <= count {
      let eight = word(at: index)
      let (quotes, escapes) = (eight ^ ones &* 0x22, eight ^ ones &* 0x5C)
      let stops =
        ((quotes &- ones) & ~quotes | (escapes &- ones) & ~escapes) & (ones &* 0x80)
      if stops != 0 {
        index &+= stops.trailingZeroBitCount &>> 3
        return self[index] == UInt8(ascii: "\"") ? index : nil
      }
      index &+= 8
    }
    while index < count {
      let byte = self[index]
      if byte == UInt8(ascii: "\"") { return index }
      if byte == UInt8(ascii: "\\") { return nil }
      index += 1
    }
    return nil
  }

  fileprivate func isBlank(from start: Int) -> Bool {
    for index in start..<count where self[index] > 0x20 { return false }
    return true
  }
}
