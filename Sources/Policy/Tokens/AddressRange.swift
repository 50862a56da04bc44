// Where a token may come from: IPv4 and IPv6 ranges in CIDR notation.
//
//   range = address "/" length            RFC 4632, section 3.1; RFC 4291, section 2.3
//
// The bits behind the length must be zero: `10.1.2.3/8` leaves open whether the range or the host was
// meant.

/// An IPv4 or IPv6 address. IPv4 is held in its IPv6-mapped form (`::ffff:a.b.c.d`, RFC 4291, section
/// 2.5.5.2), because that is how a dual-stack listener sees the same client.
package struct Address: Sendable, Hashable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// From the 4 or 16 bytes of a socket address, in network order; other counts are no address.
  package init?(networkBytes bytes: Span<UInt8>) {
    func word(_ range: Range<Int>) -> UInt64 {
      var word: UInt64 = 0
      for index in range { word = word << 8 | UInt64(bytes[index]) }
      return word
    }
    switch bytes.count {
    case 4: self.init(high: 0, low: 0xffff_0000_0000 | word(0..<4))
    case 16: self.init(high: word(0..<8), low: word(8..<16))
    default: return nil
    }
  }

  /// What one subscriber has: of IPv6 the first 64 bits (RFC 6177), of IPv4 the address itself.
  package var network: Address { isIPv4 ? self : Address(high: high, low: 0) }

  var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

  /// Dotted decimal, or eight groups with one `::`; an IPv6 zone (`%eth0`) is refused.
  package init?(_ text: String) {
    guard text.utf8.count <= 45 else { return nil }
    if !text.utf8.contains(UInt8(ascii: ":")) {
      guard let word = Self.dottedDecimal(text[...]) else { return nil }
      self.init(high: 0, low: 0xffff_0000_0000 | UInt64(word))
      return
    }
    guard let groups = Self.groups(text) else { return nil }
    func word(_ range: Range<Int>) -> UInt64 { groups[range].reduce(0) { $0 << 16 | UInt64($1) } }
    self.init(high: word(0..<4), low: word(4..<8))
  }

  package var text: String {
    if isIPv4 { return (0..<4).map { String(low >> (24 - 8 * UInt64($0)) & 0xff) }.joined(separator: ".") }
    let groups: [UInt64] = (0..<8).map { index in
      let word = index < 4 ? high : low
      return word >> (48 - 16 * UInt64(index % 4)) & 0xffff
    }
    // RFC 5952, section 4.2.3: the first of the longest runs of two or more zero groups is shortened.
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = end + 1
    }
    func join(_ part: ArraySlice<UInt64>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return join(groups[...]) }
    return join(groups[..<best.lowerBound]) + "::" + join(groups[best.upperBound...])
  }

  private static func dottedDecimal(_ text: Substring) -> UInt32? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var word: UInt32 = 0
    for part in parts {
      // A leading zero is octal to some readers and decimal to others, so it is neither here.
      guard part.count <= 3, part.allSatisfy({ 0x30...0x39 ~= $0 }), let byte = UInt8(Substring(part)),
        part.elementsEqual(String(byte).utf8)
      else { return nil }
      word = word << 8 | UInt32(byte)
    }
    return word
  }

  private static func groups(_ text: String) -> [UInt16]? {
    var text = text[...]
    var tail: [UInt16] = []
    // The last 32 bits may be written as IPv4 (RFC 4291, section 2.2).
    if let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), text[colon...].utf8.contains(UInt8(ascii: "."))
    {
      guard let word = dottedDecimal(text[text.utf8.index(after: colon)...]) else { return nil }
      tail = [UInt16(truncatingIfNeeded: word >> 16), UInt16(truncatingIfNeeded: word)]
      text = text[...colon]
      if !text.utf8.suffix(2).elementsEqual("::".utf8) { text = Substring(text.utf8.dropLast()) }
    }
    func side(_ part: Substring) -> [UInt16]? {
      if part.isEmpty { return [] }
      var groups: [UInt16] = []
      for group in part.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
        guard 1...4 ~= group.count, group.first != UInt8(ascii: "+"),
          let value = UInt16(Substring(group), radix: 16)
        else { return nil }
        groups.append(value)
      }
      return groups
    }
    let bytes = Array(text.utf8)
    let gap = bytes.indices.dropLast().first { bytes[$0] == 0x3a && bytes[$0 + 1] == 0x3a }
    guard let gap else {
      guard let groups = side(text), groups.count + tail.count == 8 else { return nil }
      return groups + tail
    }
    guard let front = side(Substring(decoding: bytes[..<gap], as: UTF8.self)),
      let back = side(Substring(decoding: bytes[(gap + 2)...], as: UTF8.self)),
      front.count + back.count + tail.count <= 7
    else { return nil }
    return front + Array(repeating: 0, count: 8 - front.count - back.count - tail.count) + back + tail
  }
}

/// A block of addresses.
package struct AddressRange: Sendable, Hashable {
  let address: Address
  /// Significant bits of the mapped form: an IPv4 length plus 96.
  let bits: Int

  package enum Fault: Error, Hashable {
    case notARange
    /// Bits are set behind the length; the range that was perhaps meant.
    case hostBits(range: String)
  }

  package init(_ text: String) throws(Fault) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let head = parts.first, let address = Address(String(Substring(head))) else { throw .notARange }
    let most = address.isIPv4 ? 32 : 128
    var length = most
    if parts.count > 1 {
      guard parts.count == 2, let written = Int(Substring(parts[1])),
        parts[1].elementsEqual(String(written).utf8), 0...most ~= written
      else { throw .notARange }
      length = written
    }
    let bits = length + (address.isIPv4 ? 96 : 0)
    let masked = Self.mask(address, bits)
    guard masked == address else { throw .hostBits(range: "\(masked.text)/\(length)") }
    self.address = address
    self.bits = bits
  }

  package func contains(_ candidate: Address) -> Bool { Self.mask(candidate, bits) == address }

  package var text: String { "\(address.text)/\(address.isIPv4 ? bits - 96 : bits)" }

  private static func mask(_ address: Address, _ bits: Int) -> Address {
    // Swift's smart shift gives zero for a shift by 64 or more.
    let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
    let low = bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64))
    return Address(high: address.high & high, low: address.low & low)
  }
}
