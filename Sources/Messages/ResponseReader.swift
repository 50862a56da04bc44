// The reply to one request of ours, as it comes in over a channel.

package import HTTP
package import Sockets

/// The client's side of reading: for each request its reply's head, then the body.
package final class ResponseReader {
  private let channel: Channel
  private var parser: ResponseParser
  /// Of the last reply.
  private var last: Fields?

  package init(_ channel: Channel, limits: HTTPLimits) {
    self.channel = channel
    parser = ResponseParser(replyTo: .get, limits: limits)
  }

  /// Makes ready for the reply to the next request, which is of this method.
  package func expect(replyTo method: Method) {
    parser = ResponseParser(replyTo: method, limits: parser.limits, last: last)
  }

  /// Gives back what is kept of the reply before on a busy connection. Not while one is under way.
  package func releaseMemory() {
    last = nil
    expect(replyTo: parser.method)
  }

  /// Whether the peer has begun to answer. If not, and the connection had served before, it may have died while
  /// nobody looked, and the request may never have been seen.
  package var hasBegun: Bool { parser.isUnderWay || !channel.input.isEmpty }

  package func head(by deadline: Deadline) async throws(MessageError) -> ResponseHead {
    while true {
      if !channel.input.isEmpty, let head = try parse() {
        channel.input.consume(head.byteCount)
        last = head.fields
        return head
      }
      guard try await channel.fill(by: deadline, during: .head) else { throw .closed(during: .head) }
    }
  }

  /// The whole body after `head`, decoded; at most `limits.bodyBytes`. `pause` is how long the peer may be silent
  /// between two pieces of it; `hasRoom` is asked about every length it reaches.
  package func body(
    of head: ResponseHead, pause: Duration, hasRoom: (Int) -> Bool = { _ in true }
  ) async throws(MessageError) -> [UInt8] {
    var body: [UInt8] = []
    var decoder = BodyDecoder(head.framing, limits: parser.limits)
    while true {
      try decode(&decoder, into: &body)
      guard hasRoom(body.count) else { throw .noRoom }
      if decoder.isComplete { return body }
      let deadline = channel.stream.loop.now.advanced(by: pause)
      let ahead = min(decoder.contentAhead, MessageLimits.contentInPlace.upperBound)
      var hasMore = false
      if ahead >= MessageLimits.contentInPlace.lowerBound, channel.readsInPlace {
        let known = body.count
        hasMore = try await channel.fill(&body, atMost: ahead, by: deadline, during: .body)
        decoder.skip(body.count - known)
      } else {
        do throws(MessageError) {
          hasMore = try await channel.fill(by: deadline, during: .body)
        } catch {
          // Who refuses a request unread says so, closes, and by that resets what was on its way. An error's text
          // that ends with the connection is no less its text for that.
          guard case .closed = error, head.framing == .untilClose, head.status.isError else { throw error }
        }
      }
      if hasMore { continue }
      do throws(Malformed) {
        try decoder.endOfInput()
        return body
      } catch {
        throw .closed(during: .body)
      }
    }
  }

  private func parse() throws(MessageError) -> ResponseHead? {
    do throws(Malformed) {
      return try channel.input.withBytes { bytes throws(Malformed) in try parser.parse(bytes) }
    } catch {
      throw .malformed(error)
    }
  }

  private func decode(_ decoder: inout BodyDecoder, into body: inout [UInt8]) throws(MessageError) {
    do throws(Malformed) {
      let consumed = try channel.input.withBytes { bytes throws(Malformed) in
        try decoder.decode(bytes, into: &body)
      }
      channel.input.consume(consumed)
    } catch {
      throw .malformed(error)
    }
  }
}
