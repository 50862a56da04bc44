// Writes heads. What cannot split a message is all it can be given.

/// Builds the head of one message, line by line, at the end of a buffer; the content may be appended to what
/// `finish` gives back.
///
///     var head = HeadWriter(response: .ok)
///     head.field(.contentType, literal: "application/json")
///     head.field(.contentLength, UInt64(body.count))
///     var message = head.finish()
///     message.append(contentsOf: body)
///
/// Names are `FieldName`s, values `FieldValue`s, numbers, or literals of the program's: none can hold a
/// line end.
package struct HeadWriter: ~Copyable {
  private var bytes: [UInt8]

  /// Begins a reply. It is appended to `buffer`, whose capacity is kept: pass the last message's, emptied.
  package init(
    response status: StatusCode, version: HTTPVersion = .http11, appendingTo buffer: consuming [UInt8] = []
  ) {
    bytes = buffer
    if bytes.capacity == 0 { bytes.reserveCapacity(HTTPLimits.reservedHeadBytes) }
    let phrase = status.reasonPhrase
    bytes.append(addingCapacity: 16 + phrase.utf8CodeUnitCount) { line in
      line.append(version == .http11 ? "HTTP/1.1 " : "HTTP/1.0 ")
      line.append(decimal: UInt64(status.rawValue))
      line.append(ASCII.space)
      line.append(phrase)
      line.append("\r\n")
    }
  }

  /// Begins a request.
  package init(
    request method: Method, target: borrowing RequestTarget, appendingTo buffer: consuming [UInt8] = []
  ) {
    bytes = buffer
    if bytes.capacity == 0 { bytes.reserveCapacity(HTTPLimits.reservedHeadBytes) }
    method.append(to: &bytes)
    bytes.append(ASCII.space)
    bytes.append(target.bytes.span)
    bytes.append(" HTTP/1.1\r\n")
  }

  /// Of lines alone, without a head's beginning.
  init() { bytes = [] }

  package mutating func lines(_ lines: FieldLines) { bytes.append(lines.bytes.span) }

  package mutating func field(_ name: FieldName, _ value: FieldValue) {
    let bytes = value.bytes.span
    write(name, valueBytes: bytes.count) { $0.append(bytes: bytes) }
  }

  package mutating func field(_ name: FieldName, _ number: UInt64) {
    write(name, valueBytes: Decimal.longestBytes) { $0.append(decimal: number) }
  }

  /// `value` is the program's own text; one with a control byte in it is a mistake in the program.
  package mutating func field(_ name: FieldName, literal value: StaticString) {
    assert(
      value.withBytes { value in value.indices.allSatisfy { ASCII.isFieldContent(value[$0]) } },
      "a literal splits a line")
    write(name, valueBytes: value.utf8CodeUnitCount) { $0.append(value) }
  }

  /// Passes on each field of `names` that stands exactly once among `fields`.
  package mutating func fields(_ names: FieldNames, of fields: Fields) {
    fields.forEachSingle(of: names) { name, value in
      write(name, valueBytes: value.count) { $0.append(bytes: value) }
    }
  }

  /// Ends the head with its empty line.
  package consuming func finish() -> [UInt8] {
    bytes.append("\r\n")
    return bytes
  }

  consuming func takeLines() -> [UInt8] { bytes }

  /// One line: room is made for all of it at once.
  @inline(__always)
  private mutating func write(
    _ name: FieldName, valueBytes: Int, _ value: (inout OutputSpan<UInt8>) -> Void
  ) {
    let spelling = name.spelling
    bytes.append(addingCapacity: spelling.utf8CodeUnitCount + valueBytes + 4) { line in
      line.append(spelling)
      line.append(": ")
      value(&line)
      line.append("\r\n")
    }
  }
}
