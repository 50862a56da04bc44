// Finds the end of the first JSON value, with the verdicts of Go's encoding/json.

import Bytes

/// Go's decoder checks the whole first value before it looks at any member, and reads nothing after it. The
/// loop keeps its own stack, so that ten thousand brackets cost memory and not the thread.
struct GoJSONScanner {
  enum Fault: Error {
    /// Nothing but white space.
    case empty
    case truncated
    case invalid(String)
  }

  private enum Container { case object, array }

  private let bytes: [UInt8]
  private(set) var position = 0
  private var open: [Container] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// - Returns: the range of the value, without the white space round it.
  mutating func firstValue() throws(Fault) -> Range<Int> {
    skipSpace()
    guard position < bytes.count else { throw .empty }
    let start = position
    try beginValue()
    while !open.isEmpty { try continueContainer() }
    return start..<position
  }

  /// What `json.Unmarshal` adds to the decoder: nothing may follow.
  mutating func onlyValue() throws(Fault) -> Range<Int> {
    let range = try firstValue()
    skipSpace()
    if position < bytes.count { throw invalid("after top-level value") }
    return range
  }

  /// After a value inside a container: what comes next.
  private mutating func continueContainer() throws(Fault) {
    let byte = try next()
    switch (open[open.count - 1], byte) {
    case (.object, UInt8(ascii: ",")):
      position += 1
      try key()
      try beginValue()
    case (.array, UInt8(ascii: ",")):
      position += 1
      try beginValue()
    case (.object, UInt8(ascii: "}")), (.array, UInt8(ascii: "]")):
      position += 1
      open.removeLast()
    case (.object, _): throw invalid("after object key:value pair")
    case (.array, _): throw invalid("after array element")
    }
  }

  /// Reads a scalar whole, or the opening of a container up to its first value. An empty one is closed at
  /// once.
  private mutating func beginValue() throws(Fault) {
    while true {
      switch try next() {
      case UInt8(ascii: "{"):
        try push(.object)
        if try next() == UInt8(ascii: "}") {
          position += 1
          open.removeLast()
          return
        }
        try key()
      case UInt8(ascii: "["):
        try push(.array)
        if try next() == UInt8(ascii: "]") {
          position += 1
          open.removeLast()
          return
        }
      case UInt8(ascii: "\""): return try string()
      case UInt8(ascii: "t"): return try literal("true")
      case UInt8(ascii: "f"): return try literal("false")
      case UInt8(ascii: "n"): return try literal("null")
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
      default: throw invalid("looking for beginning of value")
      }
    }
  }

  private mutating func push(_ container: Container) throws(Fault) {
    open.append(container)
    if open.count > ConsulLimits.jsonDepth { throw invalid("exceeded max depth") }
    position += 1
  }

  private mutating func key() throws(Fault) {
    guard try next() == UInt8(ascii: "\"") else {
      throw invalid("looking for beginning of object key string")
    }
    try string()
    guard try next() == UInt8(ascii: ":") else { throw invalid("after object key") }
    position += 1
  }

  private mutating func string() throws(Fault) {
    position += 1
    while true {
      switch try here() {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"):
        position += 1
        switch try here() {
        case UInt8(ascii: "u"):
          position += 1
          for _ in 0..<4 {
            guard isHexadecimal(try here()) else { throw invalid("in \\u hexadecimal character escape") }
            position += 1
          }
        case let byte where "bfnrt\\/\"".utf8.contains(byte): position += 1
        default: throw invalid("in string escape code")
        }
      case 0..<0x20: throw invalid("in string literal")
      default: position += 1
      }
    }
  }

  private mutating func literal(_ word: StaticString) throws(Fault) {
    let letters = Array("\(word)".utf8)
    position += 1
    for letter in letters.dropFirst() {
      guard try here() == letter else {
        throw invalid("in literal \(word) (expecting '\(Character(Unicode.Scalar(letter)))')")
      }
      position += 1
    }
  }

  private mutating func number() throws(Fault) {
    if bytes[position] == UInt8(ascii: "-") {
      position += 1
      guard isDigit(try here()) else { throw invalid("in numeric literal") }
    }
    if bytes[position] == UInt8(ascii: "0") { position += 1 } else { skipDigits() }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard isDigit(try here()) else { throw invalid("after decimal point in numeric literal") }
      skipDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try here()) { position += 1 }
      guard isDigit(try here()) else { throw invalid("in exponent of numeric literal") }
      skipDigits()
    }
  }

  private mutating func skipDigits() {
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  private mutating func next() throws(Fault) -> UInt8 {
    skipSpace()
    return try here()
  }

  private func here() throws(Fault) -> UInt8 {
    guard position < bytes.count else { throw .truncated }
    return bytes[position]
  }

  /// Names the byte at hand as Go does: as a rune, in single quotes.
  private func invalid(_ context: String) -> Fault {
    let scalar = Unicode.Scalar(bytes[position])
    let quoted =
      switch scalar {
      case "'": "\\'"
      case "\"": "\""
      default: goEscaped(ByteString(String(scalar)))
      }
    return .invalid("invalid character '\(quoted)' \(context)")
  }
}

func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
func isHexadecimal(_ byte: UInt8) -> Bool { hexadecimalValue(byte) != nil }

func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
