// Where a message's content ends: RFC 9112 section 6, with every doubtful case refused.

/// How the end of the content is known.
package enum BodyFraming: Sendable, Hashable {
  case none
  /// Exactly so many bytes; never zero.
  case length(Int)
  case chunked
  /// Until the sender closes; replies only.
  case untilClose

  /// RFC 9112 6.3 for a request: Content-Length, or chunked, or nothing.
  static func ofRequest(
    _ fields: Fields, version: HTTPVersion, limits: HTTPLimits
  ) throws(Malformed) -> BodyFraming {
    try declared(fields, version: version, limits: limits) ?? .none
  }

  /// RFC 9112 6.3 for a reply to `method`. Framing fields are checked even where they have no effect: a
  /// reply that contradicts itself there cannot be trusted elsewhere.
  static func ofReply(
    _ fields: Fields, to method: Method, status: StatusCode, version: HTTPVersion, limits: HTTPLimits
  ) throws(Malformed) -> BodyFraming {
    if status.isInterim || status == .noContent {
      // RFC 9112 6.1 and RFC 9110 8.6 forbid both fields here. Anyone who believed them would wait for
      // content, or take the next reply for it.
      let length = fields[.contentLength]
      guard !fields.contains(.transferEncoding), length == nil || length?.equals("0") == true,
        fields.occurrences(of: .contentLength) <= 1
      else { throw .contentForbidden(status) }
      return .none
    }
    if method == .head || status == .notModified {
      // The length that a GET would have had is no promise of content: no limit of ours applies to it.
      var unlimited = limits
      unlimited.bodyBytes = .max
      _ = try declared(fields, version: version, limits: unlimited)
      return .none
    }
    return try declared(fields, version: version, limits: limits) ?? .untilClose
  }

  private static func declared(
    _ fields: Fields, version: HTTPVersion, limits: HTTPLimits
  ) throws(Malformed) -> BodyFraming? {
    let hasLength = fields.contains(.contentLength)
    if fields.contains(.transferEncoding) {
      // RFC 9112 6.1 allows both for the sake of old software and calls it what it is, a likely attack.
      if hasLength { throw .contentLengthWithTransferEncoding }
      if version == .http10 { throw .transferEncodingInHTTP10 }
      try checkTransferEncoding(fields)
      return .chunked
    }
    guard hasLength else { return nil }
    let length = try contentLength(fields)
    if length > limits.bodyBytes { throw .bodyTooLarge(limit: limits.bodyBytes) }
    return length == 0 ? BodyFraming.none : .length(length)
  }

  /// RFC 9110 8.6: Content-Length = 1*DIGIT. Equal repetitions, lists and leading zeros are legal or
  /// common, and all of them are ways for two readers to differ.
  private static func contentLength(_ fields: Fields) throws(Malformed) -> Int {
    guard fields.occurrences(of: .contentLength) == 1 else { throw .repeated(.contentLength) }
    guard let value = fields[.contentLength], !value.isEmpty else { throw .contentLength }
    let digits = value.bytes.span
    var length = 0
    for index in digits.indices {
      guard ASCII.isDigit(digits[index]) else { throw .contentLength }
      guard index < HTTPLimits.contentLengthDigits else {
        throw .contentLengthTooLong(digits: HTTPLimits.contentLengthDigits)
      }
      length = length * 10 + Int(digits[index] - ASCII.zero)
    }
    if digits.count > 1, digits[0] == ASCII.zero { throw .contentLength }
    return length
  }

  /// RFC 9112 6.1: Transfer-Encoding = #transfer-coding; here one field with the one word chunked.
  private static func checkTransferEncoding(_ fields: Fields) throws(Malformed) {
    if let value = fields[.transferEncoding], fields.occurrences(of: .transferEncoding) == 1,
      value.equals(lowercased: "chunked")
    {
      return
    }
    var hasOtherCoding = false
    fields.forEach(.transferEncoding) { value in
      ListElements.forEach(value.bytes.span) { element in
        if !element.equals(lowercased: "chunked") { hasOtherCoding = true }
      }
    }
    throw hasOtherCoding ? .unknownTransferCoding : .transferEncoding
  }
}
