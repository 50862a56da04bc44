// The chunked transfer coding, decoded as it arrives.

/// RFC 9112 7.1:
///
///     chunked-body   = *chunk last-chunk trailer-section CRLF
///     chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///     last-chunk     = 1*("0") [ chunk-ext ] CRLF
///     chunk-size     = 1*HEXDIG
///     trailer-section = *( field-line CRLF )
///
/// Trailer fields are checked and dropped: nothing that decides may come after the decision.
///
/// A class, because few messages need one: a struct would lie in the frame of every task that reads a body.
final class ChunkDecoder {
  private enum State: Sendable {
    case size
    case data(remaining: Int)
    case dataEnd
    case trailers
    case complete
  }

  private let limits: HTTPLimits
  private var state = State.size
  private var lines = LineScanner()
  private var received = 0
  private var extensionBytes = 0
  private var trailerBytes = 0
  private var trailers: FieldSection

  init(limits: HTTPLimits) {
    self.limits = limits
    trailers = FieldSection(limit: limits.fieldCount)
  }

  var isComplete: Bool {
    if case .complete = state { true } else { false }
  }

  /// Decodes what it can, appending content to `body`; the number of bytes to consume. What remains is part
  /// of a line, to be shown again with more behind it.
  func decode(_ bytes: Span<UInt8>, into body: inout [UInt8]) throws(Malformed) -> Int {
    var start = 0
    while true {
      switch state {
      case .size:
        guard let line = try sizeLine(bytes, from: start) else { return start }
        start = line.upperBound + 2
        let size = try readSize(bytes.extracting(line))
        // The first chunk is mostly all of it.
        if body.isEmpty { body.reserveCapacity(min(size, limits.reservedBodyBytes)) }
        state = size == 0 ? .trailers : .data(remaining: size)
      case .data(let remaining):
        let taken = min(remaining, bytes.count - start)
        body.append(bytes.extracting(start..<start + taken))
        start += taken
        guard taken == remaining else {
          state = .data(remaining: remaining - taken)
          return start
        }
        state = .dataEnd
      case .dataEnd:
        guard start < bytes.count else { return start }
        guard bytes[start] == ASCII.carriageReturn else { throw .chunkEnd }
        guard start + 1 < bytes.count else { return start }
        guard bytes[start + 1] == ASCII.lineFeed else { throw .chunkEnd }
        start += 2
        state = .size
      case .trailers:
        guard let line = try trailerLine(bytes, from: start) else { return start }
        start = line.upperBound + 2
        if line.isEmpty { state = .complete } else { try readTrailer(line, of: bytes) }
      case .complete:
        return start
      }
    }
  }

  /// See `BodyDecoder`.
  var contentAhead: Int { if case .data(let remaining) = state { remaining } else { 0 } }

  func skip(_ count: Int) {
    guard case .data(let remaining) = state else { return }
    state = .data(remaining: remaining - count)
  }

  private func sizeLine(_ bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Range<Int>? {
    let limit = HTTPLimits.chunkSizeDigits + limits.chunkExtensionBytes
    switch try lines.next(in: bytes, from: start, limit: limit) {
    case .line(let line): return line
    case .incomplete: return nil
    case .tooLong: throw .chunkExtensionTooLong(limit: limits.chunkExtensionBytes)
    }
  }

  private func readSize(_ line: Span<UInt8>) throws(Malformed) -> Int {
    var digits = 0
    var size: UInt64 = 0
    while digits < line.count, let digit = ASCII.hexadecimalValue(line[digits]) {
      guard digits < HTTPLimits.chunkSizeDigits else {
        throw .chunkSizeTooLong(digits: HTTPLimits.chunkSizeDigits)
      }
      size = size << 4 | UInt64(digit)
      digits += 1
    }
    guard digits > 0 else { throw .chunkSize }
    if digits < line.count {
      // Only where an extension begins may anything follow the digits: "5 x" or "5," is a size to some
      // readers.
      try ChunkExtension.check(line.extracting(digits..<line.count))
      let length = line.count - digits
      guard length <= limits.chunkExtensionBytes else {
        throw .chunkExtensionTooLong(limit: limits.chunkExtensionBytes)
      }
      extensionBytes += length
      guard extensionBytes <= limits.chunkExtensionTotalBytes else {
        throw .chunkExtensionTooLong(limit: limits.chunkExtensionTotalBytes)
      }
    }
    guard size <= UInt64(limits.bodyBytes - received) else { throw .bodyTooLarge(limit: limits.bodyBytes) }
    received += Int(size)
    return Int(size)
  }

  private func trailerLine(_ bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Range<Int>? {
    switch try lines.next(in: bytes, from: start, limit: limits.fieldLineBytes) {
    case .line(let line): return line
    case .incomplete: return nil
    case .tooLong: throw .fieldLineTooLong(limit: limits.fieldLineBytes)
    }
  }

  /// RFC 9110 6.5.1: fields for framing, routing, authentication and the like do not belong in trailers.
  /// Every field that anybody here looks at is such a one.
  private func readTrailer(_ line: Range<Int>, of bytes: Span<UInt8>) throws(Malformed) {
    trailerBytes += line.count + 2
    guard trailerBytes <= limits.headBytes else { throw .headTooLarge(limit: limits.headBytes) }
    try trailers.add(line, of: bytes, base: line.lowerBound)
    if let name = trailers.records.last?.name { throw .trailerField(name) }
  }
}
