// Collects the field lines of a head while they are read.

/// RFC 9112 5: field-line = field-name ":" OWS field-value OWS.
struct FieldSection: Sendable {
  private(set) var records: [Fields.Record] = []
  /// One bit for each known name that occurs, and for each that occurs more than once.
  private(set) var present: UInt64 = 0
  private(set) var repeated: UInt64 = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Takes in one line, found to be text by the scanner. Places are kept relative to `base`.
  mutating func add(_ line: Range<Int>, of bytes: Span<UInt8>, base: Int) throws(Malformed) {
    guard records.count < limit else { throw .tooManyFields(limit: limit) }
    // RFC 9112 5.2: a line that begins with a blank used to continue the one before. Two readings: refused.
    if ASCII.isWhitespace(bytes[line.lowerBound]) { throw .foldedLine }

    let text = bytes.extracting(line)
    let length = text.firstIndex(of: ASCII.colon) ?? text.count
    let known = FieldNameTable.shared.find(text.extracting(first: length))
    // A known name is a token; any other is looked through.
    let token = known == nil ? Self.tokenLength(text.extracting(first: length)) : length
    let colon = line.lowerBound + token
    guard token == length else { throw Self.badName(line, of: bytes, stop: colon) }
    guard colon < line.upperBound else { throw .missingColon }
    guard length > 0 else { throw .fieldName }

    let value = ListElements.trimmed(bytes, colon + 1..<line.upperBound)
    if let known {
      let bit: UInt64 = 1 &<< UInt64(known.rawValue)
      repeated |= present & bit
      present |= bit
    }
    if records.isEmpty { records.reserveCapacity(8) }
    records.append(
      Fields.Record(
        nameStart: UInt32(line.lowerBound - base), nameEnd: UInt32(colon - base),
        valueStart: UInt32(value.lowerBound - base), valueEnd: UInt32(value.upperBound - base), name: known))
  }

  private static func tokenLength(_ text: Span<UInt8>) -> Int {
    for index in text.indices where !ByteClass.token.contains(text[index]) { return index }
    return text.count
  }

  /// Says what is wrong with a name, and shows only one that is known: any other may be a secret, of the very request.
  private static func badName(_ line: Range<Int>, of bytes: Span<UInt8>, stop: Int) -> Malformed {
    let name = FieldNameTable.shared.find(bytes.extracting(line.lowerBound..<stop))
    var next = stop
    while next < line.upperBound, ASCII.isWhitespace(bytes[next]) { next += 1 }
    if next > stop, next < line.upperBound, bytes[next] == ASCII.colon { return .blankBeforeColon(name) }
    var colon = stop
    while colon < line.upperBound, bytes[colon] != ASCII.colon { colon += 1 }
    return colon == line.upperBound ? .missingColon : .fieldName
  }
}
