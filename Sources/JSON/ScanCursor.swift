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

/// Where a string's contents stand, and what a reader must do to them.
struct ScannedString {
  let contents: Range<Int>
  let isEscaped: Bool
  let isASCII: Bool
}

// Strings: most of the bytes of a list, so eight at a time.
extension ScanCursor {
  private mutating func string() throws(ScanFault) -> ScannedString {
    let start = offset + 1
    var index = start
    var seen: UInt64 = 0
    var isEscaped = false
    while true {
      index = skipPlain(from: index, seen: &seen)
      guard index < count else {
        throw ScanFault(.end("the closing quotation mark of a string"), count)
      }
      switch byte(index) {
      case UInt8(ascii: "\""):
        offset = index + 1
        let isASCII = seen & EightBytes.highBits == 0
        if !isASCII { try validate(start..<index) }
        return ScannedString(contents: start..<index, isEscaped: isEscaped, isASCII: isASCII)
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = try skipEscape(index)
      default: throw ScanFault(.control, index)
      }
    }
  }

  /// The first offset from `index` on that holds a quotation mark, a backslash or a control byte; the end
  /// if there is none. High bits of the bytes passed over are gathered in `seen`.
  @inline(__always)
  private func skipPlain(from index: Int, seen: inout UInt64) -> Int {
    var index = index
    while index &+ 8 <= count {
      let eight = EightBytes(word: bytes.word(index))
      let stops = eight.stops
      if stops == 0 {
        seen |= eight.word
        index &+= 8
        continue
      }
      // Only what stands before the stop belongs to the string.
      seen |= eight.word & ((stops & (0 &- stops)) &- 1)
      return index &+ stops.trailingZeroBitCount >> 3
    }
    while index < count {
      let next = byte(index)
      if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") || next < 0x20 { return index }
      seen |= UInt64(next)
      index += 1
    }
    return index
  }

  private func skipEscape(_ index: Int) throws(ScanFault) -> Int {
    guard index + 1 < count else { throw ScanFault(.end("an escape"), count) }
    switch byte(index + 1) {
    case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      guard index + 6 <= count else { throw ScanFault(.end("four hexadecimal digits"), count) }
      for offset in index + 2..<index + 6 where Text.hexadecimalDigit(byte(offset)) == nil {
        throw ScanFault(.escape, index)
      }
      return index + 6
    default: throw ScanFault(.escape, index)
    }
  }

  private func validate(_ range: Range<Int>) throws(ScanFault) {
    try bytes.with(range) { (span) throws(ScanFault) in
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: span)
      } catch {
        throw ScanFault(.notUTF8, range.lowerBound + error.byteOffsets.lowerBound)
      }
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
