// Requests as they come in over a channel, one after the other.

package import HTTP
package import Sockets

/// The server's side of reading. Pipelined requests wait in the channel's input until they are asked for.
package final class RequestReader {
  private let channel: Channel
  private var parser: RequestParser
  /// When the head that is under way must be whole.
  private var end: Deadline?
  /// Of the body of the last request.
  private var unread = Unread.nothing

  private enum Unread {
    case nothing
    case all(BodyFraming)
    /// It was begun, and given up: nobody knows where it ends.
    case rest
  }

  package init(_ channel: Channel, limits: HTTPLimits) {
    self.channel = channel
    parser = RequestParser(limits: limits)
  }

  /// Whether part of a request has come: the difference between a client that leaves and one that breaks off.
  package var isUnderWay: Bool { parser.isUnderWay || !channel.input.isEmpty }

  /// Whether the body of the last request has not been read to its end. Until it is, no other request can be read.
  package var hasUnreadBody: Bool { if case .nothing = unread { false } else { true } }

  /// Whether `discardBody` can find the end of it.
  package var canDiscardBody: Bool { if case .all = unread { true } else { false } }

  /// Whether the client is not known to have sent all of what it has begun.
  package var isMidMessage: Bool { hasUnreadBody || isUnderWay }

  /// Gives back what is kept between two requests of a busy connection.
  package func releaseMemory() { parser.releaseMemory() }

  /// The next head, or nil if the client closed, or was idle until `idle`, without beginning another request. Once
  /// its first byte is here, the head must be whole within `completion`, however slowly its bytes come.
  ///
  /// Throws `slow` at `pause`, too, whatever has come by then: nothing of it is lost, and the next call goes on with it.
  package func head(
    idle: Deadline, completion: Duration, pause: Deadline = .never
  ) async throws(MessageError) -> RequestHead? {
    precondition(!hasUnreadBody, "a body would be read as a head")
    while true {
      if !channel.input.isEmpty {
        if let head = try parse() {
          channel.input.consume(head.byteCount)
          end = nil
          if head.framing != .none { unread = .all(head.framing) }
          return head
        }
        if end == nil { end = channel.stream.loop.now.advanced(by: completion) }
      }
      let wasIdle = !isUnderWay
      guard try await channel.fill(by: min(end ?? idle, pause), during: .head) else {
        if wasIdle { return nil }
        throw .closed(during: .head)
      }
    }
  }

  /// The whole body after `head`, decoded; at most `limits.bodyBytes`. `hasRoom` is asked about every length it
  /// reaches.
  package func body(
    of head: RequestHead, within time: Duration, hasRoom: (Int) -> Bool = { _ in true }
  ) async throws(MessageError) -> [UInt8] {
    guard head.framing != .none else { return [] }
    var body: [UInt8] = []
    var decoder = BodyDecoder(head.framing, limits: parser.limits)
    let deadline = channel.stream.loop.now.advanced(by: time)
    unread = .rest
    while true {
      try decode(&decoder, into: &body)
      guard hasRoom(body.count) else { throw .noRoom }
      if decoder.isComplete {
        unread = .nothing
        return body
      }
      guard try await channel.fill(by: deadline, during: .body) else { throw .closed(during: .body) }
    }
  }

  /// Reads on to the end of the body of the last request, and keeps none of it. False if that takes more than `limit`
  /// bytes, framing included, or never comes: then nothing that follows can be read.
  package func discardBody(atMost limit: Int, by deadline: Deadline) async throws(MessageError) -> Bool {
    guard case .all(let framing) = unread else { return !hasUnreadBody }
    unread = .rest
    var limits = parser.limits
    limits.reservedBodyBytes = 0
    var decoder = BodyDecoder(framing, limits: limits)
    var dropped: [UInt8] = []
    var left = limit
    while true {
      left -= try decode(&decoder, into: &dropped)
      dropped.removeAll(keepingCapacity: true)
      if decoder.isComplete {
        unread = .nothing
        return true
      }
      guard left > 0, try await channel.fill(by: deadline, during: .body) else { return false }
    }
  }

  private func parse() throws(MessageError) -> RequestHead? {
    do throws(Malformed) {
      return try channel.input.withBytes { bytes throws(Malformed) in try parser.parse(bytes) }
    } catch {
      throw .malformed(error)
    }
  }

  @discardableResult
  private func decode(_ decoder: inout BodyDecoder, into body: inout [UInt8]) throws(MessageError) -> Int {
    do throws(Malformed) {
      let consumed = try channel.input.withBytes { bytes throws(Malformed) in
        try decoder.decode(bytes, into: &body)
      }
      channel.input.consume(consumed)
      return consumed
    } catch {
      throw .malformed(error)
    }
  }
}
