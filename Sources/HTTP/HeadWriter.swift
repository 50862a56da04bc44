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
  package init(response status: StatusCode, appendingTo buffer: consuming [UInt8] = []) {
    bytes = buffer
    if bytes.capacity == 0 { bytes.reserveCapacity(512) }
    bytes.append("HTTP/1.1 ")
    bytes.append(decimal: UInt64(status.rawValue))
    bytes.append(ASCII.space)
    bytes.append(status.reasonPhrase)
    bytes.append("\r\n")
  }

  /// Begins a request.
  package init(
    request method: Method, target: borrowing RequestTarget, appendingTo buffer: consuming [UInt8] = []
  ) {
    bytes = buffer
    if bytes.capacity == 0 { bytes.reserveCapacity(512) }
    bytes.append(contentsOf: method.description.utf8)
    bytes.append(ASCII.space)
    bytes.append(contentsOf: target.bytes)
    bytes.append(" HTTP/1.1\r\n")
  }

  package mutating func field(_ name: FieldName, _ value: FieldValue) {
    begin(name)
    bytes.append(contentsOf: value.bytes)
    bytes.append("\r\n")
  }

  package mutating func field(_ name: FieldName, _ number: UInt64) {
    begin(name)
    bytes.append(decimal: number)
    bytes.append("\r\n")
  }

  /// `value` is the program's own text; one with a control byte in it is a mistake in the program.
  package mutating func field(_ name: FieldName, literal value: StaticString) {
    begin(name)
    value.withBytes { octets in
      for index in octets.indices {
        precondition(ASCII.isFieldContent(octets[index]), "a literal splits a line")
      }
      bytes.append(octets)
    }
    bytes.append("\r\n")
  }

  /// `Date`, in the one form that is sent (RFC 9110 5.6.7).
  package mutating func date(secondsSinceEpoch seconds: Int64) {
    begin(.date)
    HTTPDate.append(secondsSinceEpoch: seconds, to: &bytes)
    bytes.append("\r\n")
  }

  /// Ends the head with its empty line.
  package consuming func finish() -> [UInt8] {
    bytes.append("\r\n")
    return bytes
  }

  private mutating func begin(_ name: FieldName) {
    bytes.append(name.spelling)
    bytes.append(": ")
  }
}
