// Walks JSON that GoJSONScanner has found well-formed, reading strings as Go does.

import Bytes

struct GoJSONReader {
  enum Kind: String { case null, bool, number, string, array, object }

  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func kind() -> Kind {
    skipSpace()
    switch bytes[position] {
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "{"): return .object
    default: return .number
    }
  }

  /// Calls the body once per member, the reader standing at the member's value, which the body must consume.
  mutating func members(_ body: (inout GoJSONReader, ByteString) -> Void) {
    position += 1
    while !closes(UInt8(ascii: "}")) {
      let name = string()
      skipSpace()
      position += 1
      body(&self, name)
    }
  }

  /// Calls the body once per element, which the body must consume.
  mutating func elements(_ body: (inout GoJSONReader) -> Void) {
    position += 1
    while !closes(UInt8(ascii: "]")) { body(&self) }
  }

  mutating func skipValue() {
    var depth = 0
    repeat {
      skipSpace()
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        position += 1
      case UInt8(ascii: "\""):
        _ = string()
      default:
        while position < bytes.count, !isSpace(bytes[position]), !",:]}".utf8.contains(bytes[position]) {
          position += 1
        }
      }
    } while depth > 0
  }

  /// Lone surrogates and bytes that are not UTF-8 become U+FFFD, one for each.
  mutating func string() -> ByteString {
    skipSpace()
    position += 1
    var text = String.UnicodeScalarView()
    while bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        text.append(escape())
      } else {
        let (scalar, length) = goScalar(in: bytes, at: position)
        text.append(scalar)
        position += length
      }
    }
    position += 1
    return ByteString(String(text))
  }

  private mutating func escape() -> Unicode.Scalar {
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return unicodeEscape()
    default: return Unicode.Scalar(letter)
    }
  }

  private mutating func unicodeEscape() -> Unicode.Scalar {
    let unit = hexadecimalUnit(at: position)
    position += 4
    if (0xD800..<0xDC00).contains(unit), position + 6 <= bytes.count,
      bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    {
      let low = hexadecimalUnit(at: position + 2)
      if (0xDC00..<0xE000).contains(low) {
        position += 6
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
      }
    }
    return Unicode.Scalar(unit) ?? "\u{FFFD}"
  }

  private func hexadecimalUnit(at start: Int) -> UInt32 {
    bytes[start..<start + 4].reduce(0) { $0 << 4 | UInt32(hexadecimalValue($1) ?? 0) }
  }

  private mutating func closes(_ bracket: UInt8) -> Bool {
    skipSpace()
    if bytes[position] == UInt8(ascii: ",") {
      position += 1
      skipSpace()
    }
    guard bytes[position] == bracket else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }
}

/// One scalar of text that may not be UTF-8: an offending byte alone becomes U+FFFD (Go's `utf8.DecodeRune`),
/// where Swift's own repair would join several.
func goScalar(in bytes: [UInt8], at start: Int) -> (Unicode.Scalar, length: Int) {
  let first = bytes[start]
  if first < 0x80 { return (Unicode.Scalar(first), 1) }
  let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
  guard length > 0, start + length <= bytes.count else { return ("\u{FFFD}", 1) }
  var value = UInt32(first) & (0x7F >> UInt32(length))
  for byte in bytes[(start + 1)..<(start + length)] {
    guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
    value = value << 6 | UInt32(byte & 0x3F)
  }
  let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
  guard value >= least, let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
  return (scalar, length)
}

/// Text from bytes that Go would print with `%s` after repairing them one by one.
func goText(_ bytes: [UInt8]) -> ByteString {
  var text = String.UnicodeScalarView()
  var position = 0
  while position < bytes.count {
    let (scalar, length) = goScalar(in: bytes, at: position)
    text.append(scalar)
    position += length
  }
  return ByteString(String(text))
}
