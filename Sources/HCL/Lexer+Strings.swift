// Strings in quotation marks, and heredocs.

import Bytes
import JSON

/// What stands in quotation marks is one line long.
///
///     string  = DQUOTE *( char / "\" escape ) DQUOTE
///     escape  = DQUOTE / "\" / "n" / "r" / "t" / "u" 4HEXDIG / "U" 8HEXDIG
///     heredoc = "<<" [ "-" ] marker LF *( line LF ) *space marker ( LF / end )
///     marker  = 1*( ALPHA / DIGIT / "_" )
///
/// With "-", the indentation of the closing line is taken off every line, if every line has it.
/// `${` is refused in both: HCL would hand it to an interpolation engine, and there is none here.
extension Lexer {
  mutating func string() throws(SyntaxError) -> ByteString {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return ByteString(String(decoding: text, as: UTF8.self))
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0x0A, 0x0D:
        throw fault(
          at: start, "a string that does not end on its line, expected '\"'; a heredoc may be longer")
      case 0..<0x20, 0x7F:
        throw fault(at: offset, "\(Quoting.name(of: byte)) inside a string, expected it as an escape")
      default:
        try refuseInterpolation(at: offset)
        text.append(byte)
        offset += 1
      }
    }
    throw fault(at: start, "a string that is never closed, expected '\"'")
  }

  private mutating func escape() throws(SyntaxError) -> Character {
    let start = offset
    offset += 2
    guard start + 1 < bytes.count else { throw fault(at: start, "an escape at the end of the file") }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try scalar(digits: 4, of: start)
    case UInt8(ascii: "U"): return try scalar(digits: 8, of: start)
    default:
      throw fault(at: start, #"an unknown escape, expected one of \" \\ \n \r \t \uHHHH \UHHHHHHHH"#)
    }
  }

  private mutating func scalar(digits: Int, of start: Int) throws(SyntaxError) -> Character {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw fault(at: start, "an escape that needs \(digits) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw fault(at: start, "an escape that names no Unicode character")
    }
    return Character(scalar)
  }

  private func refuseInterpolation(at offset: Int) throws(SyntaxError) {
    guard bytes[offset] == UInt8(ascii: "$"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "{")
    else { return }
    throw fault(
      at: offset, #"interpolation "${…}" is not part of this language; a literal one is written "\u0024{""#)
  }

  mutating func heredoc() throws(SyntaxError) -> ByteString {
    let start = offset
    let opening = position(of: offset)
    offset += 1
    guard take(UInt8(ascii: "<")) else { throw fault(at: start, "unexpected '<', a heredoc begins with <<") }
    let isIndented = take(UInt8(ascii: "-"))
    let marker = try heredocMarker()
    var lines: [ArraySlice<UInt8>] = []
    while offset < bytes.count {
      let line = try heredocLine()
      let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }
      if line[indentation.endIndex...].elementsEqual(marker) {
        // The line end behind the marker is left to stand: it is space between tokens.
        return Lexer.joined(lines, without: isIndented ? indentation : [])
      }
      lines.append(line)
      if offset < bytes.count {
        if bytes[offset] == 0x0D { offset += 1 }
        advance()
      }
    }
    let name = String(decoding: marker, as: UTF8.self)
    throw SyntaxError(
      source.error(at: opening, "a heredoc that is never closed, expected a line with \(name)"))
  }

  private mutating func heredocMarker() throws(SyntaxError) -> ArraySlice<UInt8> {
    let start = offset
    while let byte = peek(), Lexer.isMarkerPart(byte) { offset += 1 }
    let marker = bytes[start..<offset]
    _ = take(0x0D)
    guard !marker.isEmpty, peek() == 0x0A else {
      throw fault(at: start, "expected a word and the end of the line behind <<, as in <<EOF")
    }
    advance()
    return marker
  }

  private static func isMarkerPart(_ byte: UInt8) -> Bool {
    Quoting.isIdentifierPart(byte) && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".")
  }

  /// The bytes up to the line's end, which stays.
  private mutating func heredocLine() throws(SyntaxError) -> ArraySlice<UInt8> {
    let start = offset
    while let byte = peek(), byte != 0x0A {
      try refuseInterpolation(at: offset)
      offset += 1
    }
    if offset > start, peek() == 0x0A, bytes[offset - 1] == 0x0D { offset -= 1 }
    return bytes[start..<offset]
  }

  private static func joined(_ lines: [ArraySlice<UInt8>], without indentation: ArraySlice<UInt8>)
    -> ByteString
  {
    let isCut = lines.allSatisfy { $0.starts(with: indentation) }
    var text: [UInt8] = []
    for line in lines {
      text.append(contentsOf: isCut ? line.dropFirst(indentation.count) : line)
      text.append(0x0A)
    }
    return ByteString(String(decoding: text, as: UTF8.self))
  }
}
