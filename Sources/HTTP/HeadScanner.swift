// What request heads and response heads have in common: a start line, field lines, an empty line.

/// RFC 9112 2.1: HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ].
///
/// The bytes stay with the caller until the head is whole, so that its fields can be copied once, in one block;
/// only places are kept meanwhile. Each call sees all of them again, from the same first byte.
///
/// From one message of a connection to the next the fields seldom change. Reading is a function of the bytes alone,
/// so a section that is byte by byte the last one is known to be sound, and what it says.
struct HeadScanner: Sendable {
  let limits: HTTPLimits
  private var lines = LineScanner()
  private var lineStart = 0
  private(set) var startLine: Range<Int>?
  private var section: FieldSection
  private var sectionStart = 0
  private let last: Fields?

  /// `last` was read under the same limits.
  init(limits: HTTPLimits, last: Fields? = nil) {
    self.limits = limits
    self.last = last
    section = FieldSection(limit: limits.fieldCount)
  }

  /// Where the head begins: empty lines before it are not part of it.
  private(set) var base = 0

  /// Lets the scanner begin at `base`, after bytes that do not belong to this head.
  mutating func skip(to base: Int) {
    self.base = base
    lineStart = base
  }

  /// Reads the start line; nil if it is not whole yet.
  mutating func readStartLine(_ bytes: Span<UInt8>) throws(Malformed) -> Range<Int>? {
    if let startLine { return startLine }
    guard let line = try nextLine(bytes, limit: limits.startLineBytes) else { return nil }
    startLine = line
    sectionStart = lineStart
    return line
  }

  /// Reads field lines up to the empty line; nil if that has not come yet. After it, `lineStart` is the end.
  mutating func readFields(_ bytes: Span<UInt8>) throws(Malformed) -> Fields? {
    if let last, isRepeated(last, in: bytes) {
      lineStart += last.bytes.count
      return last
    }
    while let line = try nextLine(bytes, limit: limits.fieldLineBytes) {
      if line.isEmpty {
        var copy: [UInt8] = []
        copy.append(bytes.extracting(sectionStart..<lineStart))
        return Fields(
          bytes: copy, records: section.records, present: section.present, repeated: section.repeated)
      }
      try section.add(line, of: bytes, base: sectionStart)
    }
    return nil
  }

  private func isRepeated(_ last: Fields, in bytes: Span<UInt8>) -> Bool {
    let known = last.bytes
    let end = sectionStart + known.count
    // A longer start line, or an empty one before it, can push the same fields over the limit of a head.
    guard lineStart == sectionStart, end <= bytes.count, end <= limits.headBytes else { return false }
    return bytes.extracting(sectionStart..<end).isIdentical(to: known.span)
  }

  /// The number of bytes read so far, counted from the first of the span.
  var end: Int { lineStart }

  private mutating func nextLine(_ bytes: Span<UInt8>, limit: Int) throws(Malformed) -> Range<Int>? {
    // The head's limit is put in force by showing the line scanner no byte beyond it.
    let window = bytes.extracting(first: limits.headBytes)
    switch try lines.next(in: window, from: lineStart, limit: limit) {
    case .line(let line):
      lineStart = line.upperBound + 2
      return line
    case .incomplete:
      if bytes.count > limits.headBytes { throw .headTooLarge(limit: limits.headBytes) }
      return nil
    case .tooLong:
      throw startLine == nil ? .startLineTooLong(limit: limit) : .fieldLineTooLong(limit: limit)
    }
  }
}
