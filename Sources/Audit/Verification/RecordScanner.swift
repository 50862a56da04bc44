// JSON as the gate writes it, and no other spelling.

/// Reads forward over one line. Every function says whether what stands there has the form it is asked for, and goes
/// behind it if so. There is one spelling of everything: no blanks, the shortest escapes, whole numbers without a
/// leading zero, UTF-8.
struct RecordScanner {
  private(set) var index: Int

  init(at index: Int) { self.index = index }

  mutating func take(_ text: StaticString, in line: Span<UInt8>) -> Bool {
    guard line.has(text, at: index) else { return false }
    index += text.utf8CodeUnitCount
    return true
  }

  func isAt(_ byte: UInt8, in line: Span<UInt8>) -> Bool { index < line.count && line[index] == byte }

  mutating func string(in line: Span<UInt8>) -> Bool {
    guard isAt(0x22, in: line) else { return false }
    index += 1
    while true {
      skipPlain(in: line)
      guard index < line.count else { return false }
      switch line[index] {
      case 0x22:
        index += 1
        return true
      case 0x5C: guard escape(in: line) else { return false }
      case 0x20...0x7F: index += 1
      case 0x80...: guard multibyteCharacter(in: line) else { return false }
      default: return false
      }
    }
  }

  /// Eight bytes at a time, up to the first that may be something else than printable ASCII.
  private mutating func skipPlain(in line: Span<UInt8>) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    while index + 8 <= line.count {
      let loaded = unsafe line.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let word = UInt64(littleEndian: loaded)
      let isQuotation = (word ^ (0x22 &* ones)) &- ones
      let isBackslash = (word ^ (0x5C &* ones)) &- ones
      let isControl = word &- (0x20 &* ones)
      // A borrow marks a byte wrongly only above one that is marked rightly: the lowest mark is true.
      let marks = (word | isQuotation | isBackslash | isControl) & 0x8080_8080_8080_8080
      guard marks == 0 else {
        index += marks.trailingZeroBitCount / 8
        return
      }
      index += 8
    }
  }

  private mutating func escape(in line: Span<UInt8>) -> Bool {
    guard index + 1 < line.count else { return false }
    switch line[index + 1] {
    case 0x22, 0x5C, 0x62, 0x66, 0x6E, 0x72, 0x74:
      index += 2
      return true
    default: break
    }
    guard line.has("\\u00", at: index), index + 6 <= line.count, 48...49 ~= line[index + 4] else {
      return false
    }
    let low: UInt8
    switch line[index + 5] {
    case let digit where 48...57 ~= digit: low = digit - 48
    case let digit where 97...102 ~= digit: low = digit - 87
    default: return false
    }
    let value = (line[index + 4] - 48) << 4 | low
    // Those have a shorter escape.
    guard ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value) else { return false }
    index += 6
    return true
  }

  /// RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF.
  private mutating func multibyteCharacter(in line: Span<UInt8>) -> Bool {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch line[index] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return false
    }
    guard index + length <= line.count, second ~= line[index + 1] else { return false }
    for offset in 2..<max(length, 2) where !(0x80...0xBF ~= line[index + offset]) { return false }
    index += length
    return true
  }

  mutating func number(in line: Span<UInt8>, isSigned: Bool = false) -> Bool {
    if isSigned, isAt(0x2D, in: line) { index += 1 }
    let start = index
    while index < line.count, 48...57 ~= line[index] { index += 1 }
    guard 1...20 ~= index - start else { return false }
    return index - start == 1 || line[start] != 48
  }

  mutating func bool(in line: Span<UInt8>) -> Bool { take("true", in: line) || take("false", in: line) }

  /// `"2026-01-02T03:04:05.678901Z"`.
  mutating func timestamp(in line: Span<UInt8>) -> Bool {
    let pattern: StaticString = "\"0000-00-00T00:00:00.000000Z\""
    guard index + 29 <= line.count else { return false }
    for offset in 0..<29 {
      // The only view of a StaticString is a pointer; it lives as long as the program.
      let expected = unsafe pattern.utf8Start[offset]
      let byte = line[index + offset]
      guard expected == 48 ? 48...57 ~= byte : byte == expected else { return false }
    }
    index += 29
    return true
  }

  /// Any value, for records of which the format has no list of fields.
  mutating func value(in line: Span<UInt8>, depth: Int = 0) -> Bool {
    guard index < line.count, depth <= AuditLimits.valueDepth else { return false }
    switch line[index] {
    case 0x22: return string(in: line)
    case 0x7B:
      return members(in: line, limit: AuditLimits.membersPerObject) { $0.value(in: line, depth: depth + 1) }
    case 0x5B: return elements(in: line, limit: .max) { $0.value(in: line, depth: depth + 1) }
    case 0x74, 0x66: return bool(in: line)
    default: return number(in: line, isSigned: true)
    }
  }

  mutating func elements(
    in line: Span<UInt8>, limit: Int, _ element: (inout RecordScanner) -> Bool
  ) -> Bool {
    guard take("[", in: line) else { return false }
    var count = 0
    while !isAt(0x5D, in: line) {
      guard count == 0 || take(",", in: line), count < limit, element(&self) else { return false }
      count += 1
    }
    index += 1
    return true
  }

  /// An object with any names, each of them once.
  mutating func members(
    in line: Span<UInt8>, limit: Int, _ value: (inout RecordScanner) -> Bool
  ) -> Bool {
    guard take("{", in: line) else { return false }
    var names: [Range<Int>] = []
    while !isAt(0x7D, in: line) {
      guard names.isEmpty || take(",", in: line), names.count < limit else { return false }
      let start = index
      guard string(in: line) else { return false }
      let name = start..<index
      guard !names.contains(where: { line.isSame($0, as: name) }), take(":", in: line), value(&self) else {
        return false
      }
      names.append(name)
    }
    index += 1
    return true
  }
}

extension Span<UInt8> {
  fileprivate func isSame(_ one: Range<Int>, as other: Range<Int>) -> Bool {
    guard one.count == other.count else { return false }
    for offset in 0..<one.count where self[one.lowerBound + offset] != self[other.lowerBound + offset] {
      return false
    }
    return true
  }
}
