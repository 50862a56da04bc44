// Which characters the writer spells as escapes.

/// Both kinds escape what RFC 8259 demands: quotation mark, backslash and everything below U+0020, with the
/// short form where there is one.
package enum Escaping: Sendable {
  case standard
  /// As Go's encoding/json, and so Consul, does: also `<`, `>`, `&`, U+2028 and U+2029.
  case go

  /// Appends `text` as the contents of a JSON string. Bytes that are not UTF-8 become U+FFFD, since what
  /// is written must be JSON whatever a client sent.
  func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    guard isASCII(text) || (try? UTF8Span(validating: text)) != nil else {
      var copy: [UInt8] = []
      append(raw: text, to: &copy)
      let repaired = String(decoding: copy, as: UTF8.self)
      return append(valid: repaired.utf8.span, to: &bytes)
    }
    append(valid: text, to: &bytes)
  }

  /// As `append`, for bytes that are known to be UTF-8.
  func append(valid text: Span<UInt8>, to bytes: inout [UInt8]) {
    let plain = appendPlain(text, to: &bytes)
    if plain < text.count { appendEscaped(text.extracting(plain..<text.count), to: &bytes) }
  }

  /// Copies the bytes up to the first that needs an escape, and says how many those were: nearly always all.
  @inline(__always)
  private func appendPlain(_ text: Span<UInt8>, to bytes: inout [UInt8]) -> Int {
    var index = self == .standard ? text.endOfPlainEights(from: 0) : 0
    while index < text.count, escapedLength(text[index], in: text, at: index) == nil { index += 1 }
    append(raw: text.extracting(0..<index), to: &bytes)
    return index
  }

  private func appendEscaped(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    var index = 0
    while index < text.count {
      if let length = escapedLength(text[index], in: text, at: index) {
        appendEscape(of: text.extracting(index..<index + length), to: &bytes)
        index += length
      }
      index += appendPlain(text.extracting(index..<text.count), to: &bytes)
    }
  }

  /// How many bytes the character takes that starts here and must be escaped; nil if it need not be.
  @inline(__always)
  private func escapedLength(_ byte: UInt8, in text: Span<UInt8>, at index: Int) -> Int? {
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): 1
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): self == .go ? 1 : nil
    case 0xE2: self == .go && isLineSeparator(text, at: index) ? 3 : nil
    default: nil
    }
  }

  /// U+2028 or U+2029.
  private func isLineSeparator(_ text: Span<UInt8>, at index: Int) -> Bool {
    index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8
  }

  private func appendEscape(of character: Span<UInt8>, to bytes: inout [UInt8]) {
    let byte = character[0]
    let short: UInt8? =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
      case 0x08: UInt8(ascii: "b")
      case 0x09: UInt8(ascii: "t")
      case 0x0A: UInt8(ascii: "n")
      case 0x0C: UInt8(ascii: "f")
      case 0x0D: UInt8(ascii: "r")
      default: nil
      }
    bytes.append(UInt8(ascii: "\\"))
    if let short { return bytes.append(short) }
    bytes.append(UInt8(ascii: "u"))
    if character.count == 3 {
      bytes.append(contentsOf: [UInt8(ascii: "2"), UInt8(ascii: "0"), UInt8(ascii: "2")])
      bytes.append(character[2] & 1 == 0 ? UInt8(ascii: "8") : UInt8(ascii: "9"))
    } else {
      bytes.append(UInt8(ascii: "0"))
      bytes.append(UInt8(ascii: "0"))
      bytes.append(Escaping.digit(byte >> 4))
      bytes.append(Escaping.digit(byte & 15))
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private func isASCII(_ text: Span<UInt8>) -> Bool {
    var union: UInt8 = 0
    for index in text.indices { union |= text[index] }
    return union < 0x80
  }

  func append(raw text: Span<UInt8>, to bytes: inout [UInt8]) {
    // Array cannot append a Span yet, and byte by byte costs ten times as much.
    unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }
}
