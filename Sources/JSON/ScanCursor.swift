// The inner loop of ElementScanner.

/// The grammar is Parser's. Every read below follows a comparison of its offset with `count`.
struct ScanCursor {
  let bytes: ScannedBytes
  private let names: SoughtNames
  var offset = 0
  var template = ElementTemplate()

  init(_ bytes: ScannedBytes, names: SoughtNames) {
    self.bytes = bytes
    self.names = names
  }

  mutating func list(_ body: (ScannedElement) -> Void) throws(ScanFault) {
    skipSpace()
    try expect(UInt8(ascii: "["), "'['")
    skipSpace()
    if !take(UInt8(ascii: "]")) {
      var element = ScannedElement()
      repeat {
        skipSpace()
        try read(&element)
        body(element)
        skipSpace()
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"), "',' or ']'")
    }
    skipSpace()
    if offset < count { throw ScanFault(.trailing, offset) }
  }

  mutating func only() throws(ScanFault) -> ScannedElement {
    skipSpace()
    let element = try elementInFull()
    skipSpace()
    if offset < count { throw ScanFault(.trailing, offset) }
    return element
  }

  /// `element` is the one before, and becomes the next.
  @inline(__always)
  private mutating func read(_ element: inout ScannedElement) throws(ScanFault) {
    let start = offset
    if try followTemplate(&element.findings) {
      element.range = start..<offset
    } else {
      offset = start
      element = try elementInFull()
    }
  }

  private mutating func elementInFull() throws(ScanFault) -> ScannedElement {
    var element = ScannedElement()
    let start = offset
    element.isObject = offset < count && byte(offset) == UInt8(ascii: "{")
    template.begin()
    if element.isObject {
      try object(depth: 2) { (cursor, key) throws(ScanFault) in
        switch cursor.match(key) {
        case .none: try cursor.value(depth: 3)
        case .alike(let index):
          element.findings[index] = .ambiguous
          try cursor.value(depth: 3)
        case .exact(let index):
          let finding = try cursor.finding(of: index)
          element.findings[index] = element.findings[index] == .absent ? finding : .ambiguous
        }
      }
    } else {
      try value(depth: 2)
    }
    element.range = start..<offset
    template.end(element.isObject ? element.range : 0..<0)
    return element
  }

  mutating func finding(of sought: Int) throws(ScanFault) -> ScannedElement.Finding {
    guard offset < count, byte(offset) == UInt8(ascii: "\"") else {
      try value(depth: 3, sought: sought)
      return .otherValue
    }
    let start = offset
    let text = try string()
    template.add(start: start, end: offset, depth: 3, sought: sought)
    return .string(text.contents, isEscaped: text.isEscaped)
  }

  private func match(_ key: ScannedString) -> SoughtNames.Match {
    let isPlain = !key.isEscaped && key.isASCII
    if isPlain && !names.mayMatch(length: key.contents.count) { return .none }
    return bytes.with(key.contents) { isPlain ? names.matchPlain($0) : names.matchDecoded($0) }
  }
}

// Values
extension ScanCursor {
  mutating func value(depth: Int, sought: Int = -1) throws(ScanFault) {
    guard offset < count else { throw ScanFault(.end("a value"), offset) }
    let start = offset
    switch byte(offset) {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"):
      return try object(depth: depth) { (cursor, _) throws(ScanFault) in try cursor.value(depth: depth + 1) }
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): try number()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: throw ScanFault(.byte(expected: "a value"), offset)
    }
    template.add(start: start, end: offset, depth: depth, sought: sought)
  }

  /// `member` is called behind each colon and must move past the value.
  @inline(__always)
  private mutating func object(
    depth: Int, _ member: (inout Self, ScannedString) throws(ScanFault) -> Void
  ) throws(ScanFault) {
    if depth > Limits.scannedDepth { throw ScanFault(.depth, offset) }
    offset += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      guard offset < count, byte(offset) == UInt8(ascii: "\"") else {
        throw unexpected("a key in quotation marks")
      }
      let key = try string()
      skipSpace()
      try expect(UInt8(ascii: ":"), "':'")
      skipSpace()
      try member(&self, key)
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "',' or '}'")
  }

  private mutating func array(depth: Int) throws(ScanFault) {
    if depth > Limits.scannedDepth { throw ScanFault(.depth, offset) }
    offset += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return }
    repeat {
      skipSpace()
      try value(depth: depth + 1)
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "',' or ']'")
  }

  private mutating func number() throws(ScanFault) {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      try digits()
    }
  }

  private mutating func digits() throws(ScanFault) {
    let start = offset
    while offset < count, byte(offset) &- UInt8(ascii: "0") < 10 { offset += 1 }
    if offset == start { throw unexpected("a digit") }
  }

  private mutating func word(_ spelling: StaticString) throws(ScanFault) {
    for letter in 0..<spelling.utf8CodeUnitCount {
      guard unsafe take(spelling.utf8Start[letter]) else { throw unexpected(spelling) }
    }
  }
}

// Single bytes and the space between tokens
extension ScanCursor {
  var count: Int { bytes.count }

  @inline(__always)
  func byte(_ offset: Int) -> UInt8 { bytes.byte(offset) }

  @inline(__always)
  private mutating func skipSpace() {
    guard offset < count, byte(offset) <= 0x20 else { return }
    skipRunOfSpace()
  }

  /// Indented lists are a third space.
  private mutating func skipRunOfSpace() {
    while offset < count {
      if offset &+ 8 <= count, bytes.word(offset) == EightBytes.ones &* 0x20 {
        offset &+= 8
        continue
      }
      switch byte(offset) {
      case 0x20, 0x0A, 0x0D, 0x09: offset &+= 1
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func take(_ expected: UInt8) -> Bool {
    guard offset < count, byte(offset) == expected else { return false }
    offset &+= 1
    return true
  }

  @inline(__always)
  private mutating func expect(_ byte: UInt8, _ name: StaticString) throws(ScanFault) {
    guard take(byte) else { throw unexpected(name) }
  }

  private func unexpected(_ expected: StaticString) -> ScanFault {
    offset < count ? ScanFault(.byte(expected: expected), offset) : ScanFault(.end(expected), count)
  }
}
