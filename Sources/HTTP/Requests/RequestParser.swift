// The front door: bytes of a client's to a request head, or a refusal.

/// Reads one request head after the other from a connection.
///
/// How to drive it: call `parse` with the Span of *all* bytes that wait unconsumed, whenever more have
/// come. nil means that more are needed: consume nothing. A head means: consume `head.byteCount` bytes,
/// then read the body with a `BodyDecoder(head.framing, …)` from what follows, then call `parse` again for
/// the next request. After an error, answer with its `status`, close, and drop the parser. Each byte is
/// looked at once, however the bytes were portioned.
package struct RequestParser: ~Copyable, Sendable {
  private var scanner: HeadScanner
  private var startLine: RequestLine?
  private var checkedEmptyLine = false
  private var last: RequestHead?

  package init(limits: HTTPLimits = .standard) {
    scanner = HeadScanner(limits: limits)
  }

  package var limits: HTTPLimits { scanner.limits }

  /// Whether bytes of an unfinished head have been seen: the difference between an idle connection, which
  /// may be closed without a word, and a request that was never finished.
  package var isUnderWay: Bool { checkedEmptyLine }

  package mutating func parse(_ bytes: Span<UInt8>) throws(Malformed) -> RequestHead? {
    guard skipEmptyLine(bytes) else { return nil }
    if startLine == nil {
      guard let line = try scanner.readStartLine(bytes) else { return nil }
      startLine = try RequestLine(line, of: bytes)
    }
    guard let fields = try scanner.readFields(bytes), let line = startLine else { return nil }
    let head = try finish(line, fields, of: bytes)
    let isKept = head.byteCount <= HTTPLimits.keptHeadBytes
    last = isKept ? head : nil
    scanner = HeadScanner(limits: limits, last: isKept ? fields : nil)
    startLine = nil
    checkedEmptyLine = false
    return head
  }

  /// Gives back what is kept of the last head.
  package mutating func releaseMemory() {
    last = nil
    if !isUnderWay { scanner = HeadScanner(limits: limits) }
  }

  /// RFC 9112 2.2: a server should ignore one empty line before a request, which old clients sent after a
  /// body. One, whole, and no more. False if it is not known yet whether there is one.
  private mutating func skipEmptyLine(_ bytes: Span<UInt8>) -> Bool {
    if checkedEmptyLine { return true }
    guard let first = bytes.isEmpty ? nil : bytes[0] else { return false }
    if first == ASCII.carriageReturn {
      guard bytes.count > 1 else { return false }
      if bytes[1] == ASCII.lineFeed { scanner.skip(to: 2) }
    }
    checkedEmptyLine = true
    return true
  }

  private func finish(
    _ line: RequestLine, _ fields: Fields, of bytes: Span<UInt8>
  ) throws(Malformed) -> RequestHead {
    let meaning = try meaning(of: fields, version: line.version)
    let base = scanner.base
    var copy: [UInt8] = []
    copy.append(bytes.extracting(base..<line.pathEnd))
    var query: [UInt8]?
    if line.pathEnd < line.target.upperBound {
      query = []
      query?.append(bytes.extracting(line.pathEnd + 1..<line.target.upperBound))
    }
    return RequestHead(
      method: line.method, version: line.version, fields: fields, framing: meaning.framing,
      isPersistent: meaning.isPersistent, expectsContinue: meaning.expectsContinue, byteCount: scanner.end,
      line: copy,
      pathStart: line.target.lowerBound - base, query: query)
  }

  /// What fields say of the message and its connection. They depend on nothing else, so the same ones say the same again.
  private func meaning(
    of fields: Fields, version: HTTPVersion
  ) throws(Malformed) -> (framing: BodyFraming, isPersistent: Bool, expectsContinue: Bool) {
    if let last, last.fields === fields, last.version == version {
      return (last.framing, last.isPersistent, last.expectsContinue)
    }
    try checkHost(fields, version: version)
    let isPersistent = try Persistence.isPersistent(fields, version: version)
    // Nothing is ever switched to, and a client that tries may go on in another protocol at once.
    if fields.contains(.upgrade) { throw .upgrade }
    let framing = try BodyFraming.ofRequest(fields, version: version, limits: limits)
    let expectsContinue = try expectsContinue(fields, version: version)
    return (framing, isPersistent, expectsContinue && framing != .none)
  }

  private func checkHost(_ fields: Fields, version: HTTPVersion) throws(Malformed) {
    switch fields.occurrences(of: .host) {
    case 0 where version == .http10: return
    case 0: throw .missingHost
    case 1: break
    default: throw .repeated(.host)
    }
    guard let host = fields[.host], Authority.isValid(host.bytes.span) else { throw .host }
  }

  /// RFC 9110 10.1.1: 100-continue is the only expectation there is, and HTTP/1.0 has none.
  private func expectsContinue(_ fields: Fields, version: HTTPVersion) throws(Malformed) -> Bool {
    guard version == .http11, let value = fields[.expect] else { return false }
    guard fields.occurrences(of: .expect) == 1, value.equals(lowercased: "100-continue") else {
      throw .expectation
    }
    return true
  }
}
