// The recursive-descent parser behind Document (RFC 8259).

import Bytes

/// The grammar, sections 2 to 7:
///
///     JSON-text = ws value ws
///     value     = "false" / "null" / "true" / object / array / number / string
///     object    = "{" [ member *( "," member ) ] "}"      member = string ":" value
///     array     = "[" [ value *( "," value ) ] "]"
///     number    = [ "-" ] int [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "-" / "+" ] 1*DIGIT ]
///     int       = "0" / ( %x31-39 *DIGIT )
///     ws        = *( %x20 / %x09 / %x0A / %x0D )      around every token
///
/// The bytes are handed to each method because a Span cannot be stored without experimental features.
struct Parser {
  private let limits: Limits
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  private var depth = 0
  private var values = 0

  init(limits: Limits) {
    self.limits = limits
  }

  mutating func document(_ bytes: Span<UInt8>) throws(Malformation) -> Node {
    if bytes.count > limits.textBytes { throw fault(.tooLong(limitBytes: limits.textBytes)) }
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { throw fault(.byteOrderMark) }
    skipSpace(bytes)
    let node = try value(bytes)
    skipSpace(bytes)
    if offset < bytes.count { throw fault(.trailingData) }
    return node
  }

  private mutating func value(_ bytes: Span<UInt8>) throws(Malformation) -> Node {
    let position = position(of: offset)
    guard offset < bytes.count else { throw fault(.unexpectedEnd(expected: "a value")) }
    values += 1
    if values > limits.values { throw fault(.tooManyValues(limit: limits.values)) }
    let value: Value =
      switch bytes[offset] {
      case UInt8(ascii: "{"): try object(bytes)
      case UInt8(ascii: "["): try array(bytes)
      case UInt8(ascii: "\""): .string(ByteString(try string(bytes)))
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number(try number(bytes))
      case UInt8(ascii: "t"): try word("true", .bool(true), bytes)
      case UInt8(ascii: "f"): try word("false", .bool(false), bytes)
      case UInt8(ascii: "n"): try word("null", .null, bytes)
      default: throw unexpected(bytes, expected: "a value")
      }
    return Node(position: position, value: value)
  }

  private mutating func object(_ bytes: Span<UInt8>) throws(Malformation) -> Value {
    try descend()
    defer { depth -= 1 }
    var members: [Member] = []
    var names = UniqueNames()
    skipSpace(bytes)
    if take(UInt8(ascii: "}"), bytes) { return .object(members) }
    while true {
      skipSpace(bytes)
      let nameOffset = offset
      let position = position(of: offset)
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
        throw unexpected(
          bytes, expected: members.isEmpty ? "a key in quotation marks or '}'" : "a key in quotation marks")
      }
      let name = ByteString(try string(bytes))
      guard names.insert(name, after: members) else {
        throw fault(.duplicateKey(name.string), at: nameOffset)
      }
      skipSpace(bytes)
      guard take(UInt8(ascii: ":"), bytes) else { throw unexpected(bytes, expected: "':'") }
      skipSpace(bytes)
      members.append(Member(name: name, position: position, node: try value(bytes)))
      skipSpace(bytes)
      if take(UInt8(ascii: ","), bytes) { continue }
      guard take(UInt8(ascii: "}"), bytes) else { throw unexpected(bytes, expected: "',' or '}'") }
      return .object(members)
    }
  }

  private mutating func array(_ bytes: Span<UInt8>) throws(Malformation) -> Value {
    try descend()
    defer { depth -= 1 }
    var elements: [Node] = []
    skipSpace(bytes)
    if take(UInt8(ascii: "]"), bytes) { return .array(elements) }
    while true {
      skipSpace(bytes)
      elements.append(try value(bytes))
      skipSpace(bytes)
      if take(UInt8(ascii: ","), bytes) { continue }
      guard take(UInt8(ascii: "]"), bytes) else { throw unexpected(bytes, expected: "',' or ']'") }
      return .array(elements)
    }
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(Malformation) -> String {
    let start = offset + 1
    var end = start
    var isEscaped = false
    while true {
      end = bytes.endOfPlainEights(from: end)
      guard end < bytes.count else {
        throw fault(.unexpectedEnd(expected: "the closing quotation mark of a string"), at: end)
      }
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { throw fault(.controlByteInString(byte), at: end) }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        end += 1
      }
      end += 1
    }
    let contents = bytes.extracting(start..<end)
    offset = end + 1
    do throws(Malformation) {
      return isEscaped ? try Text.decode(contents) : try Text.string(contents)
    } catch {
      throw fault(error.reason, at: start + error.offset)
    }
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(Malformation) -> String {
    let start = offset
    _ = take(UInt8(ascii: "-"), bytes)
    if !take(UInt8(ascii: "0"), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "."), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "-"), bytes) { _ = take(UInt8(ascii: "+"), bytes) }
      try digits(bytes)
    }
    return try Text.string(bytes.extracting(start..<offset))
  }

  private mutating func digits(_ bytes: Span<UInt8>) throws(Malformation) {
    let start = offset
    while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] { offset += 1 }
    if offset == start { throw unexpected(bytes, expected: "a digit") }
  }

  private mutating func word(
    _ spelling: String, _ value: Value, _ bytes: Span<UInt8>
  ) throws(Malformation) -> Value {
    for byte in spelling.utf8 {
      guard take(byte, bytes) else { throw unexpected(bytes, expected: "the word \(spelling)") }
    }
    return value
  }

  private mutating func descend() throws(Malformation) {
    if depth == limits.depth { throw fault(.tooDeep(limit: limits.depth)) }
    depth += 1
    offset += 1
  }
}

// The cursor. Line breaks stand only between tokens, so nothing else has to count lines.
extension Parser {
  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0D: offset += 1
      case 0x0A:
        offset += 1
        line += 1
        lineStart = offset
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private func position(of offset: Int) -> Position {
    Position(line: line, column: offset - lineStart + 1)
  }

  private func fault(_ reason: Malformation.Reason, at offset: Int? = nil) -> Malformation {
    let offset = offset ?? self.offset
    return Malformation(reason, position: position(of: offset), offset: offset)
  }

  private func unexpected(_ bytes: Span<UInt8>, expected: String) -> Malformation {
    guard offset < bytes.count else { return fault(.unexpectedEnd(expected: expected)) }
    return fault(.unexpectedByte(bytes[offset], expected: expected))
  }
}

/// Notices a repeated name. Most objects are small, and comparing a few strings is cheaper than hashing
/// them; beyond that a set keeps a hostile object from costing the square of its size.
private struct UniqueNames {
  private static let comparedCount = 12
  private var names: Set<ByteString> = []

  mutating func insert(_ name: ByteString, after members: [Member]) -> Bool {
    if members.count < UniqueNames.comparedCount { return !members.contains { $0.name == name } }
    if names.isEmpty { for member in members { names.insert(member.name) } }
    return names.insert(name).inserted
  }
}
