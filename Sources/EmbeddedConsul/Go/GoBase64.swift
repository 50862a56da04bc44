// Standard base64 as Go's encoding/base64 decodes it (RFC 4648 section 4, not strict).

enum GoBase64 {
  struct CorruptInput: Error, Sendable {
    let offset: Int
    var text: String { "illegal base64 data at input byte \(offset)" }
  }

  /// Line ends are skipped anywhere; spaces and the URL alphabet are refused; left-over low bits are not
  /// looked at.
  static func decode(_ text: [UInt8]) throws(CorruptInput) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count / 4 * 3)
    var position = 0
    while true {
      var group: [UInt8] = []
      while group.count < 4 {
        guard position < text.count else {
          if group.isEmpty { return decoded }
          throw CorruptInput(offset: position - group.count)
        }
        let byte = text[position]
        position += 1
        if isLineEnd(byte) { continue }
        if byte == UInt8(ascii: "=") {
          try padding(after: group.count, in: text, &position)
          append(group, to: &decoded)
          return decoded
        }
        guard let value = value(of: byte) else { throw CorruptInput(offset: position - 1) }
        group.append(value)
      }
      append(group, to: &decoded)
    }
  }

  /// The first `=` has been read: one more is due after two digits, none after three, and then nothing.
  private static func padding(
    after digits: Int, in text: [UInt8], _ position: inout Int
  ) throws(CorruptInput) {
    if digits < 2 { throw CorruptInput(offset: position - 1) }
    if digits == 2 {
      skipLineEnds(text, &position)
      guard position < text.count else { throw CorruptInput(offset: text.count) }
      guard text[position] == UInt8(ascii: "=") else { throw CorruptInput(offset: position - 1) }
      position += 1
    }
    skipLineEnds(text, &position)
    if position < text.count { throw CorruptInput(offset: position) }
  }

  private static func append(_ group: [UInt8], to decoded: inout [UInt8]) {
    var bits: UInt32 = 0
    for index in 0..<4 { bits = bits << 6 | UInt32(index < group.count ? group[index] : 0) }
    if group.count > 1 { decoded.append(UInt8(truncatingIfNeeded: bits >> 16)) }
    if group.count > 2 { decoded.append(UInt8(truncatingIfNeeded: bits >> 8)) }
    if group.count > 3 { decoded.append(UInt8(truncatingIfNeeded: bits)) }
  }

  static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(3 - group.count) * 8
      for digit in 0..<4 {
        let shift = UInt32(18 - 6 * digit)
        text.append(digit <= group.count ? alphabet[Int(bits >> shift & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func skipLineEnds(_ text: [UInt8], _ position: inout Int) {
    while position < text.count, isLineEnd(text[position]) { position += 1 }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
