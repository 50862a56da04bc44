// The two ways a caller can name its request for the logs.

/// An X-Request-Id that is safe to log and to send on: 1 to 128 of A–Z a–z 0–9 . _ -
package enum RequestIdentifier {
  package static let longestBytes = 128

  /// The one valid X-Request-Id of `fields`.
  package static func only(in fields: Fields) -> FieldValue? {
    guard let value = fields[.xRequestID], fields.occurrences(of: .xRequestID) == 1, isValid(value) else {
      return nil
    }
    return value
  }

  package static func isValid(_ value: FieldValue) -> Bool {
    let bytes = value.bytes.span
    guard (1...longestBytes).contains(bytes.count) else { return false }
    for index in bytes.indices where !ByteClass.requestIdentifier.contains(bytes[index]) { return false }
    return true
  }
}

/// W3C Trace Context: traceparent = version "-" trace-id "-" parent-id "-" trace-flags, all in lower-case
/// hex.
package enum TraceParent {
  /// The one valid traceparent of `fields`. Two are none (W3C Trace Context, section 3.2): nobody knows which trace the
  /// request belongs to.
  package static func only(in fields: Fields) -> FieldValue? {
    guard let value = fields[.traceparent], fields.occurrences(of: .traceparent) == 1, isValid(value) else {
      return nil
    }
    return value
  }

  /// Of a valid traceparent: version "-" trace-id "-" …, so 32 bytes from the fourth on.
  package static func traceID(of value: FieldValue) -> ArraySlice<UInt8> {
    value.bytes.dropFirst(3).prefix(32)
  }

  /// Only version 00 is taken, whole: what a later version would mean is not known, and the field is
  /// optional.
  package static func isValid(_ value: FieldValue) -> Bool {
    let bytes = value.bytes.span
    guard bytes.count == 55, bytes.extracting(0..<3).equals("00-"), bytes[35] == 0x2D, bytes[52] == 0x2D
    else {
      return false
    }
    return isIdentifier(bytes.extracting(3..<35)) && isIdentifier(bytes.extracting(36..<52))
      && isLowercaseHexadecimal(bytes.extracting(53..<55))
  }

  /// All zeros means "no identifier" and makes the whole field invalid.
  private static func isIdentifier(_ bytes: Span<UInt8>) -> Bool {
    guard isLowercaseHexadecimal(bytes) else { return false }
    for index in bytes.indices where bytes[index] != ASCII.zero { return true }
    return false
  }

  private static func isLowercaseHexadecimal(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
      guard ASCII.isDigit(bytes[index]) || bytes[index] &- 0x61 < 6 else { return false }
    }
    return true
  }
}
