// Text to tokens.

import Bytes
import JSON

/// Between tokens: space, tabs, line ends, and comments.
///
///     comment    = ( "#" / "//" ) to the end of the line / "/*" to the next "*/"
///     identifier = ( ALPHA / "_" ) *( ALPHA / DIGIT / "_" / "-" / "." )
///     number     = [ "-" ] ( "0x" 1*HEXDIG / int [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "+" / "-" ] 1*DIGIT ] )
///     int        = "0" / ( %x31-39 *DIGIT )      HCL reads 010 as octal 8, which nobody means: refused
///
/// Strings and heredocs: Lexer+Strings.
struct Lexer {
  let source: Source
  let bytes: [UInt8]
  var offset = 0
  private var line = 1
  private var lineStart = 0
  /// Just behind the last token: where something is missing if the file ends too early.
  private(set) var endOfToken = Position.start

  /// Of a source that `refuseInvisibleText` has passed: what is read from it is UTF-8.
  init(source: Source) {
    self.source = source
    bytes = source.bytes
  }

  mutating func next() throws(SyntaxError) -> Token {
    try skipSpaceAndComments()
    let position = position(of: offset)
    guard offset < bytes.count else { return Token(kind: .end, position: position) }
    let byte = bytes[offset]
    let kind: Token.Kind
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
      UInt8(ascii: "="):
      offset += 1
      kind = .mark(Character(Unicode.Scalar(byte)))
    case UInt8(ascii: "\""): kind = .string(try string())
    case UInt8(ascii: "<"): kind = .string(try heredoc())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .number(try number())
    case _ where Quoting.isIdentifierStart(byte): kind = .identifier(identifier())
    default:
      throw fault(at: offset, "unexpected \(Quoting.name(of: byte)), \(Lexer.advice(for: byte))")
    }
    endOfToken = self.position(of: offset)
    return Token(kind: kind, position: position)
  }

  private static func advice(for byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): "strings are written in double quotation marks"
    case UInt8(ascii: ":"): "a key and its value are joined by '='"
    case UInt8(ascii: ";"): "items need nothing between them but space"
    case 0x80...: "a key or label with such characters needs quotation marks"
    case UInt8(ascii: "$"): "interpolation is not part of this language"
    default: "expected a key, a value or one of { } [ ] , ="
    }
  }

  private mutating func identifier() -> ByteString {
    let start = offset
    while offset < bytes.count, Quoting.isIdentifierPart(bytes[offset]) { offset += 1 }
    return ByteString(String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  private mutating func number() throws(SyntaxError) -> String {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    if take(UInt8(ascii: "0")) {
      if take(UInt8(ascii: "x")) {
        try digits { Character(Unicode.Scalar($0)).isHexDigit }
      } else {
        if let byte = peek(), isDigit(byte) {
          throw fault(at: start, "a number with a leading zero, which some read as octal; leave the zero out")
        }
        try fraction()
      }
    } else {
      try digits(isDigit)
      try fraction()
    }
    if let byte = peek(), Quoting.isIdentifierPart(byte) {
      throw fault(
        at: start, "a number that runs into \(Quoting.name(of: byte)); a string needs quotation marks")
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func fraction() throws(SyntaxError) {
    if take(UInt8(ascii: ".")) { try digits(isDigit) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits(isDigit)
    }
  }

  private mutating func digits(_ isDigit: (UInt8) -> Bool) throws(SyntaxError) {
    let start = offset
    while let byte = peek(), isDigit(byte) { offset += 1 }
    if offset == start { throw fault(at: offset, "a number lacks a digit here") }
  }

  private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}

// The cursor
extension Lexer {
  private mutating func skipSpaceAndComments() throws(SyntaxError) {
    while let byte = peek() {
      switch byte {
      case 0x20, 0x09, 0x0D, 0x0A: advance()
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "/"):
        let second = offset + 1 < bytes.count ? bytes[offset + 1] : 0
        if second == UInt8(ascii: "/") {
          skipLine()
        } else if second == UInt8(ascii: "*") {
          try skipBlockComment()
        } else {
          throw fault(at: offset, "unexpected '/', comments begin with #, // or /*")
        }
      default: return
      }
    }
  }

  private mutating func skipLine() {
    while let byte = peek(), byte != 0x0A { offset += 1 }
  }

  private mutating func skipBlockComment() throws(SyntaxError) {
    let start = position(of: offset)
    advance()
    advance()
    while offset + 1 < bytes.count {
      if bytes[offset] == UInt8(ascii: "*"), bytes[offset + 1] == UInt8(ascii: "/") {
        offset += 2
        return
      }
      advance()
    }
    throw SyntaxError(source.error(at: start, "a comment that is never closed, expected */"))
  }

  func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    offset += 1
    return true
  }

  /// Past one byte that may be a line end.
  mutating func advance() {
    if bytes[offset] == 0x0A {
      line += 1
      lineStart = offset + 1
    }
    offset += 1
  }

  /// Of an offset on the current line.
  func position(of offset: Int) -> Position { Position(line: line, column: offset - lineStart + 1) }

  func fault(at offset: Int, _ message: String) -> SyntaxError {
    SyntaxError(source.error(at: position(of: offset), message))
  }
}
