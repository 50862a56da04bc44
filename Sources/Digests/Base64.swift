// Base64 with the standard alphabet and padding (RFC 4648 section 4).

package enum Base64 {
  package static func encode(_ bytes: Span<UInt8>) -> String {
    var text: [UInt8] = []
    append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let first = UInt32(bytes[index]) << 16
      let second = left > 1 ? UInt32(bytes[index + 1]) << 8 : 0
      let third = left > 2 ? UInt32(bytes[index + 2]) : 0
      let group = first | second | third
      text.append(digit(group >> 18))
      text.append(digit(group >> 12))
      text.append(left > 1 ? digit(group >> 6) : padding)
      text.append(left > 2 ? digit(group) : padding)
      index += 3
    }
  }

  /// One text for one value: no line breaks, padding in full, no stray bits before it.
  package static func decode(_ text: Span<UInt8>) throws(DigestError) -> [UInt8] {
    for index in text.indices where text[index] == 0x0A || text[index] == 0x0D {
      throw .illegalBase64(offset: index)
    }
    let bytes = try decodeAsConsul(text)
    // Padding leaves two or four bits that no byte claims.
    if text.count >= 4, text[text.count - 1] == padding {
      let (last, unclaimed): (Int, UInt8) = text[text.count - 2] == padding ? (3, 0x0F) : (2, 0x03)
      let offset = text.count - last
      if let value = value(of: text[offset]), value & unclaimed != 0 { throw .illegalBase64(offset: offset) }
    }
    return bytes
  }

  /// Decodes what Consul decodes, which is what Go does: line breaks are passed over anywhere, stray bits
  /// before the padding are dropped, all else is refused. The error's offset is the one that Go reports, so
  /// that the same text can be answered (`illegal base64 data at input byte 4`).
  package static func decodeAsConsul(_ text: Span<UInt8>) throws(DigestError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var index = 0
    var group: UInt32 = 0
    var digits = 0
    while index < text.count {
      let byte = text[index]
      if let value = value(of: byte) {
        group = group << 6 | UInt32(value)
        digits += 1
        if digits == 4 {
          append(group, count: 3, to: &bytes)
          (group, digits) = (0, 0)
        }
      } else if byte == padding {
        try endWithPadding(text, at: index, digits: digits)
        append(group << (digits == 2 ? 12 : 6), count: digits - 1, to: &bytes)
        return bytes
      } else if byte != 0x0A && byte != 0x0D {
        throw .illegalBase64(offset: index)
      }
      index += 1
    }
    // Go reports an incomplete group at the text's end less the digits it has of it.
    if digits > 0 { throw .illegalBase64(offset: text.count - digits) }
    return bytes
  }

  /// The first padding character stands at `index`, after `digits` of its group. Nothing but the rest of the
  /// padding and line breaks may follow.
  private static func endWithPadding(
    _ text: Span<UInt8>, at index: Int, digits: Int
  ) throws(DigestError) {
    guard digits >= 2 else { throw .illegalBase64(offset: index) }
    var next = skipLineBreaks(text, from: index + 1)
    if digits == 2 {
      if next == text.count { throw .illegalBase64(offset: text.count) }
      guard text[next] == padding else { throw .illegalBase64(offset: next - 1) }
      next = skipLineBreaks(text, from: next + 1)
    }
    if next < text.count { throw .illegalBase64(offset: next) }
  }

  private static func skipLineBreaks(_ text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, text[index] == 0x0A || text[index] == 0x0D { index += 1 }
    return index
  }

  private static func append(_ group: UInt32, count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))) }
  }

  private static let padding = UInt8(ascii: "=")

  private static func digit(_ group: UInt32) -> UInt8 {
    let value = UInt8(group & 63)
    return switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

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
