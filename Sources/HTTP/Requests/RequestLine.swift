// The first line of a request.

/// RFC 9112 3: request-line = method SP request-target SP HTTP-version.
struct RequestLine: Sendable {
  let method: Method
  let version: HTTPVersion
  let target: Range<Int>
  let pathEnd: Int

  /// Exactly two spaces. Old recipients split at any white space, and then a target with a blank in it is
  /// one thing to them and another to us.
  init(_ line: Range<Int>, of bytes: Span<UInt8>) throws(Malformed) {
    guard let first = Self.space(in: bytes, line),
      let second = Self.space(in: bytes, first + 1..<line.upperBound),
      first > line.lowerBound, second > first + 1, second + 1 < line.upperBound
    else { throw .requestLine }
    let methodBytes = bytes.extracting(line.lowerBound..<first)
    guard let method = Method(methodBytes) else { throw .method }
    // Before the target, since `PRI * HTTP/2.0` is a version that we do not speak rather than a bad target.
    version = try HTTPVersion(bytes.extracting(second + 1..<line.upperBound))
    self.method = method
    target = first + 1..<second
    pathEnd = try Self.endOfPath(target, of: bytes, method: method)
  }

  private static func space(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    bytes.extracting(range).firstIndex(of: ASCII.space).map { range.lowerBound + $0 }
  }

  /// RFC 9112 3.2: origin-form = absolute-path [ "?" query ]; asterisk-form = "*", for OPTIONS alone.
  ///
  /// The absolute form would be a second place to name the host, the authority form belongs to CONNECT:
  /// neither has a use in front of one API.
  private static func endOfPath(
    _ target: Range<Int>, of bytes: Span<UInt8>, method: Method
  ) throws(Malformed) -> Int {
    if bytes[target.lowerBound] == ASCII.asterisk, target.count == 1, method == .options {
      return target.upperBound
    }
    guard bytes[target.lowerBound] == ASCII.slash else { throw .targetForm }
    var index = target.lowerBound
    while index < target.upperBound, bytes[index] != ASCII.questionMark {
      index = try next(index, of: bytes, in: target, allowed: .path)
    }
    let pathEnd = index
    while index < target.upperBound { index = try next(index, of: bytes, in: target, allowed: .query) }
    return pathEnd
  }

  @inline(__always)
  private static func next(
    _ index: Int, of bytes: Span<UInt8>, in target: Range<Int>, allowed: ByteClass
  ) throws(Malformed) -> Int {
    if allowed.contains(bytes[index]) { return index + 1 }
    guard bytes[index] == ASCII.percent,
      Escape.isWhole(bytes.extracting(..<target.upperBound), at: index)
    else { throw .target }
    return index + 3
  }
}
