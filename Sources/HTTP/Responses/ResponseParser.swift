// Replies of the upstream: its bytes to a response head, or the reason for a 502.

/// Reads the head of the reply to one request. Make a new one for each request.
///
/// Driven as `RequestParser` is: the Span of all unconsumed bytes at each call, nil for "more is needed".
/// Interim replies (1xx) are read over: they and the final head are consumed together, and count against
/// one limit together.
package struct ResponseParser: ~Copyable, Sendable {
  package let method: Method
  private var scanner: HeadScanner
  private var statusLine: StatusLine?

  /// - Parameters:
  ///   - method: that of the request: a reply to HEAD has no content.
  ///   - last: the fields of the reply before on the same connection, read under the same limits.
  package init(replyTo method: Method, limits: HTTPLimits = .standard, last: Fields? = nil) {
    self.method = method
    scanner = HeadScanner(limits: limits, last: last)
  }

  package var limits: HTTPLimits { scanner.limits }

  /// Whether bytes of an unfinished head have been seen.
  package private(set) var isUnderWay = false

  package mutating func parse(_ bytes: Span<UInt8>) throws(Malformed) -> ResponseHead? {
    if !bytes.isEmpty { isUnderWay = true }
    while true {
      if statusLine == nil {
        guard let line = try scanner.readStartLine(bytes) else { return nil }
        statusLine = try StatusLine(bytes.extracting(line))
      }
      guard let fields = try scanner.readFields(bytes), let line = statusLine else { return nil }
      if line.status == .switchingProtocols { throw .switchedProtocols }
      let head = try finish(line, fields)
      guard line.status.isInterim else { return head }
      let end = scanner.end
      scanner = HeadScanner(limits: limits)
      scanner.skip(to: end)
      statusLine = nil
    }
  }

  private func finish(_ line: StatusLine, _ fields: Fields) throws(Malformed) -> ResponseHead {
    let framing = try BodyFraming.ofReply(
      fields, to: method, status: line.status, version: line.version, limits: limits)
    let isPersistent = try Persistence.isPersistent(fields, version: line.version)
    return ResponseHead(
      status: line.status, version: line.version, fields: fields, framing: framing,
      isPersistent: isPersistent && framing != .untilClose, byteCount: scanner.end)
  }
}

/// RFC 9112 4: status-line = HTTP-version SP status-code SP [ reason-phrase ].
struct StatusLine: Sendable {
  let version: HTTPVersion
  let status: StatusCode

  /// The reason is for humans: it is checked to be text by the line scanner, and dropped. The space before an
  /// empty reason is required, as by the grammar, but common servers leave it out, and nothing hangs on it.
  init(_ line: Span<UInt8>) throws(Malformed) {
    guard line.count >= 12, line[8] == ASCII.space, line.count == 12 || line[12] == ASCII.space else {
      throw .statusLine
    }
    version = try HTTPVersion(line.extracting(0..<8))
    var code: UInt16 = 0
    for index in 9..<12 {
      guard ASCII.isDigit(line[index]) else { throw .statusLine }
      code = code * 10 + UInt16(line[index] - ASCII.zero)
    }
    guard let status = StatusCode(rawValue: code) else { throw .statusLine }
    self.status = status
  }
}
