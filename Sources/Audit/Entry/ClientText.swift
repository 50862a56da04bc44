// How bytes that a client chose stand in a line.
import JSON

/// Printable ASCII stands for itself. Every other byte is written `\xNN`, and a backslash is doubled, so
/// that the text can be turned back into the bytes and no terminal, pager or pattern is fooled by control
/// bytes, look-alike letters or text direction. (JSON's own escaping comes on top.) Text over its limit is
/// cut and ends with the count of bytes that are missing: `…` as `...(+1024 bytes)`. What comes escaped by backslashes, as
/// the names of a certificate do, keeps its own: doubled ones would make another name of it.
enum ClientText {
  static func append(_ text: Span<UInt8>, isEscaped: Bool = false, limit: Int, to writer: inout Writer) {
    guard text.count > limit || !isPlain(text) else { return writer.string(text) }
    var escaped: [UInt8] = []
    for index in 0..<min(text.count, limit) {
      switch text[index] {
      case UInt8(ascii: "\\") where !isEscaped:
        escaped.append(UInt8(ascii: "\\"))
        escaped.append(UInt8(ascii: "\\"))
      case 0x20...0x7E:
        escaped.append(text[index])
      case let byte:
        escaped.append(UInt8(ascii: "\\"))
        escaped.append(UInt8(ascii: "x"))
        escaped.append(digit(byte >> 4))
        escaped.append(digit(byte & 15))
      }
    }
    if text.count > limit { escaped.append(contentsOf: "...(+\(text.count - limit) bytes)".utf8) }
    writer.string(escaped.span)
  }

  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    // Without an early exit the loop runs over many bytes at a time, and most text is plain.
    var isPlain = true
    for index in text.indices {
      let byte = text[index]
      isPlain = isPlain && byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\")
    }
    return isPlain
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
