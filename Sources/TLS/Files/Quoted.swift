// Text that a peer wrote, made fit for a log line.

enum Quoted {
  /// Printable ASCII stays as it is, every other byte becomes `\xNN`; what goes on too long is cut. A backslash is such
  /// another byte, unless the text comes escaped by backslashes of its own.
  static func text(
    _ bytes: some Sequence<UInt8>, isEscaped: Bool = false, limit: Int = TLSLimits.quotedBytes
  ) -> String {
    var text = ""
    var left = limit
    for byte in bytes {
      guard left > 0 else { return text + "..." }
      left -= 1
      if byte >= 0x20, byte < 0x7F, isEscaped || byte != UInt8(ascii: "\\") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "\\x" + Hexadecimal.text(CollectionOfOne(byte))
      }
    }
    return text
  }
}

enum Hexadecimal {
  /// Two lower-case digits a byte.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
