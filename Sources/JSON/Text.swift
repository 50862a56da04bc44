// String contents and their escapes, both ways (RFC 8259 section 7).

/// What the quotation marks of a JSON string enclose.
///
///     char   = unescaped / "\" ( %x22 / "\" / "/" / "b" / "f" / "n" / "r" / "t" / "u" 4HEXDIG )
///     unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
package enum Text {
  /// Decodes what stands between the quotation marks. Refuses control bytes, unknown escapes, lone
  /// surrogates and bytes that are not UTF-8: a replacement character would be a second spelling of
  /// something else. Offsets of the error count from the start of `contents`.
  package static func decode(_ contents: Span<UInt8>) throws(Malformation) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(contents.count)
    var index = 0
    while index < contents.count {
      let byte = contents[index]
      if byte < 0x20 { throw fault(.controlByteInString(byte), index) }
      guard byte == UInt8(ascii: "\\") else {
        decoded.append(byte)
        index += 1
        continue
      }
      guard index + 1 < contents.count else { throw fault(.invalidEscape, index) }
      switch contents[index + 1] {
      case UInt8(ascii: "\""): decoded.append(UInt8(ascii: "\""))
      case UInt8(ascii: "\\"): decoded.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "/"): decoded.append(UInt8(ascii: "/"))
      case UInt8(ascii: "b"): decoded.append(0x08)
      case UInt8(ascii: "f"): decoded.append(0x0C)
      case UInt8(ascii: "n"): decoded.append(0x0A)
      case UInt8(ascii: "r"): decoded.append(0x0D)
      case UInt8(ascii: "t"): decoded.append(0x09)
      case UInt8(ascii: "u"):
        let (scalar, length) = try scalar(in: contents, at: index)
        decoded.append(contentsOf: String(Character(scalar)).utf8)
        index += length - 2
      default: throw fault(.invalidEscape, index)
      }
      index += 2
    }
    return try string(decoded.span)
  }

  /// A string of bytes that must be UTF-8.
  static func string(_ bytes: Span<UInt8>) throws(Malformation) -> String {
    let text: UTF8Span
    do {
      text = try UTF8Span(validating: bytes)
    } catch {
      throw fault(.invalidUTF8, error.byteOffsets.lowerBound)
    }
    return String(copying: text)
  }

  /// The scalar of the `\uHHHH` at `index`, or of the two that make a surrogate pair, and the length of it.
  private static func scalar(
    in contents: Span<UInt8>, at index: Int
  ) throws(Malformation) -> (Unicode.Scalar, length: Int) {
    guard let first = codeUnit(in: contents, at: index) else { throw fault(.invalidEscape, index) }
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, let second = codeUnit(in: contents, at: index + 6), 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10 | UInt32(second - 0xDC00)))
    else { throw fault(.loneSurrogate, index) }
    return (scalar, 12)
  }

  private static func codeUnit(in contents: Span<UInt8>, at index: Int) -> UInt16? {
    guard index + 6 <= contents.count, contents[index] == UInt8(ascii: "\\"),
      contents[index + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt16 = 0
    for offset in index + 2..<index + 6 {
      guard let digit = hexadecimalDigit(contents[offset]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func fault(_ reason: Malformation.Reason, _ offset: Int) -> Malformation {
    Malformation(reason, position: Position(line: 1, column: offset + 1), offset: offset)
  }
}

// What messages call a byte or a key that came from outside.
extension Text {
  static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x20: "space"
    case 0x09: "tab"
    case 0x0A: "line feed"
    case 0x0D: "carriage return"
    default: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }

  /// Fit for a terminal and a log line: escaped, in quotation marks, and cut when it is long.
  static func quoted(_ text: String) -> String {
    var shown = "\""
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += UTF8.width(scalar)
      if bytes > Limits.quotedBytes { return shown + "…\"" }
      shown += scalar.escaped(asASCII: true)
    }
    return shown + "\""
  }
}
