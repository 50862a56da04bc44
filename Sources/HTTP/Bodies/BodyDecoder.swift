// The content of one message, whichever way its end is marked.

/// Reads a body after its head.
///
/// How to drive it: while `isComplete` is false, call `decode` with the Span of all unconsumed bytes and
/// consume as many as it returns; content is appended to the array given. It can leave part of a line
/// unconsumed, to be shown again with more bytes behind it. When the sender closes, call `endOfInput()`.
package struct BodyDecoder: ~Copyable {
  private enum State {
    case fixed(remaining: Int)
    case chunked(ChunkDecoder)
    case untilClose(received: Int)
    case complete
  }

  private var state: State
  private let limit: Int
  private let reservation: Int

  package init(_ framing: BodyFraming, limits: HTTPLimits = .standard) {
    limit = limits.bodyBytes
    reservation = limits.reservedBodyBytes
    switch framing {
    case .none: state = .complete
    case .length(let length): state = .fixed(remaining: length)
    case .chunked: state = .chunked(ChunkDecoder(limits: limits))
    case .untilClose: state = .untilClose(received: 0)
    }
  }

  package var isComplete: Bool {
    if case .complete = state { true } else { false }
  }

  /// The number of bytes to consume.
  package mutating func decode(
    _ bytes: Span<UInt8>, into body: inout [UInt8]
  ) throws(Malformed) -> Int {
    switch state {
    case .complete:
      return 0
    case .fixed(let remaining):
      let taken = min(remaining, bytes.count)
      if body.isEmpty { body.reserveCapacity(min(remaining, reservation)) }
      body.append(bytes.extracting(0..<taken))
      state = taken == remaining ? .complete : .fixed(remaining: remaining - taken)
      return taken
    case .chunked(let chunks):
      let consumed = try chunks.decode(bytes, into: &body)
      if chunks.isComplete { state = .complete }
      return consumed
    case .untilClose(let received):
      guard bytes.count <= limit - received else { throw .bodyTooLarge(limit: limit) }
      body.append(bytes)
      state = .untilClose(received: received + bytes.count)
      return bytes.count
    }
  }

  /// How many bytes from here on can be nothing but content. So many may be appended to the body without being shown to
  /// `decode`, if `skip` is told of it.
  package var contentAhead: Int {
    switch state {
    case .fixed(let remaining): remaining
    case .chunked(let chunks): chunks.contentAhead
    case .untilClose, .complete: 0
    }
  }

  package mutating func skip(_ count: Int) {
    precondition(count >= 0 && count <= contentAhead, "more was skipped than is content")
    switch state {
    case .fixed(let remaining): state = remaining == count ? .complete : .fixed(remaining: remaining - count)
    case .chunked(let chunks): chunks.skip(count)
    case .untilClose, .complete: break
    }
  }

  /// The sender has closed. A body that is delimited by that is complete now; any other is cut off.
  package mutating func endOfInput() throws(Malformed) {
    switch state {
    case .untilClose, .complete: state = .complete
    case .fixed, .chunked: throw .truncated
    }
  }
}
