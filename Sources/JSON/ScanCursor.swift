// The inner loop of ElementScanner.

/// The grammar is Parser's. Every read below follows a comparison of its offset with `count`.
struct ScanCursor {
  let bytes: ScannedBytes
  private let names: SoughtNames
  var offset: Int
  /// Where others have their turn: no key and no value behind it is begun.
  let stop: Int
  var nesting: Nesting
  var template: ElementTemplate
  /// The one that is being read, or the one before.
  var element: ScannedElement
  private var step: ScanPlace.Step

  /// - Parameter turn: bytes to read, more or less.
  init(_ bytes: ScannedBytes, names: SoughtNames, from place: consuming ScanPlace, turn: Int) {
    self.bytes = bytes
    self.names = names
    offset = place.offset
    stop = turn < bytes.count - place.offset ? place.offset + turn : bytes.count + 1
    nesting = place.nesting
    element = place.element
    step = place.step
    template = place.template
  }

  /// From where another cursor over the same text goes on.
  consuming func place() -> ScanPlace {
    ScanPlace(step: step, offset: offset, nesting: nesting, element: element, template: template)
  }

  /// False if the turn has ended before the list.
  mutating func list(_ body: (ScannedElement) -> Void) throws(ScanFault) -> Bool {
    switch step {
    case .beginning:
      skipSpace()
      try expect(UInt8(ascii: "["), "'['")
      skipSpace()
      if take(UInt8(ascii: "]")) { return try end() }
    case .between: break
    case .within:
      guard try elementInFull() else { return false }
      body(element)
      skipSpace()
      guard take(UInt8(ascii: ",")) else { return try endList() }
    }
    repeat {
      if offset >= stop {
        step = .between
        return false
      }
      skipSpace()
      guard try read() else { return false }
      body(element)
      skipSpace()
    } while take(UInt8(ascii: ","))
    return try endList()
  }

  private mutating func endList() throws(ScanFault) -> Bool {
    try expect(UInt8(ascii: "]"), "',' or ']'")
    return try end()
  }

  private mutating func end() throws(ScanFault) -> Bool {
    skipSpace()
    if offset < count { throw ScanFault(.trailing, offset) }
    return true
  }

  /// The one value of a text. False if the turn has ended before it.
  mutating func only(_ body: (ScannedElement) -> Void) throws(ScanFault) -> Bool {
    if step == .beginning { skipSpace() }
    guard try elementInFull() else { return false }
    body(element)
    return try end()
  }

  @inline(__always)
  private mutating func read() throws(ScanFault) -> Bool {
    let start = offset
    if try followTemplate() {
      element.range = start..<offset
      return true
    }
    offset = start
    step = .between
    return try elementInFull()
  }

  /// False if the turn has ended before the element.
  private mutating func elementInFull() throws(ScanFault) -> Bool {
    var isEnded = false
    if step != .within {
      element = ScannedElement()
      element.range = offset..<offset
      element.isObject = offset < count && byte(offset) == UInt8(ascii: "{")
      nesting = Nesting(depth: 1)
      template.begin(at: offset)
      isEnded = try value()
      step = .within
    }
    if !isEnded, try !walk(to: 1, until: stop) { return false }
    element.range = element.range.lowerBound..<offset
    template.end(element.isObject ? element.range : 0..<0)
    return true
  }

  /// Reads on until no more than `outer` brackets are open. False if it came to `stop` first; then a key or a value is
  /// due, whichever the innermost bracket has.
  mutating func walk(to outer: Int, until stop: Int) throws(ScanFault) -> Bool {
    while offset < stop {
      skipSpace()
      let sought = nesting.isInObject ? try key() : ScanPlace.unsought
      guard try sought < 0 ? valueInPlace(sought: sought) : value(ofSought: sought) else { continue }
      skipSpace()
      while !take(UInt8(ascii: ",")) {
        if nesting.isInObject {
          try expect(UInt8(ascii: "}"), "',' or '}'")
        } else {
          try expect(UInt8(ascii: "]"), "',' or ']'")
        }
        nesting.close()
        if nesting.depth == outer { return true }
        skipSpace()
      }
    }
    return false
  }
}

// Keys and values
extension ScanCursor {
  /// A key, its colon and the space behind. Which sought name the value is that of.
  @inline(__always)
  private mutating func key() throws(ScanFault) -> Int {
    guard offset < count, byte(offset) == UInt8(ascii: "\"") else {
      throw unexpected("a key in quotation marks")
    }
    let key = try string()
    skipSpace()
    try expect(UInt8(ascii: ":"), "':'")
    skipSpace()
    // Only the members of the element itself are sought.
    guard nesting.depth == Nesting.elementDepth else { return ScanPlace.unsought }
    switch match(key) {
    case .none: return ScanPlace.unsought
    case .alike(let index):
      element.findings[index] = .ambiguous
      return ScanPlace.unsought
    case .exact(let index): return index
    }
  }

  private func match(_ key: ScannedString) -> SoughtNames.Match {
    let isPlain = !key.isEscaped && key.isASCII
    if isPlain && !names.mayMatch(length: key.contents.count) { return .none }
    return bytes.with(key.contents) { isPlain ? names.matchPlain($0) : names.matchDecoded($0) }
  }

  private mutating func value(ofSought sought: Int) throws(ScanFault) -> Bool {
    let isFirst = element.findings[sought] == .absent
    let (finding, isEnded) = try finding(of: sought)
    element.findings[sought] = isFirst ? finding : .ambiguous
    return isEnded
  }

  /// What the value of a sought name is, and whether it has been read to its end.
  mutating func finding(of sought: Int) throws(ScanFault) -> (ScannedElement.Finding, isEnded: Bool) {
    guard offset < count, byte(offset) == UInt8(ascii: "\"") else {
      return (.otherValue, try value(sought: sought))
    }
    let start = offset
    let text = try string()
    template.add(start: start, end: offset, depth: nesting.depth, sought: sought)
    return (.string(text.contents, isEscaped: text.isEscaped), true)
  }

  mutating func value(sought: Int = ScanPlace.unsought) throws(ScanFault) -> Bool {
    try valueInPlace(sought: sought)
  }

  /// Reads a value to its end, or opens the bracket that it begins with: then false, and it is for `walk` to read on.
  @inline(__always)
  private mutating func valueInPlace(sought: Int) throws(ScanFault) -> Bool {
    guard offset < count else { throw ScanFault(.end("a value"), offset) }
    let start = offset
    switch byte(offset) {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"): return try open(isObject: true)
    case UInt8(ascii: "["): return try open(isObject: false)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): try number()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: throw ScanFault(.byte(expected: "a value"), offset)
    }
    template.add(start: start, end: offset, depth: nesting.depth, sought: sought)
    return true
  }

  /// True if nothing is in the brackets.
  @inline(__always)
  private mutating func open(isObject: Bool) throws(ScanFault) -> Bool {
    if nesting.depth == Limits.scannedDepth { throw ScanFault(.depth, offset) }
    offset &+= 1
    skipSpace()
    if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return true }
    nesting.open(isObject: isObject)
    return false
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
    while offset < count, byte(offset) &- UInt8(ascii: "0") < 10 {
      if offset &- start == Limits.scannedTokenBytes { throw ScanFault(.token, start) }
      offset &+= 1
    }
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

  /// Indented lists are a third space. More than a token may have is no space to what comes next.
  private mutating func skipRunOfSpace() {
    let end = min(count, offset &+ Limits.scannedTokenBytes)
    while offset < end {
      if offset &+ 8 <= end, bytes.word(offset) == EightBytes.ones &* 0x20 {
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
