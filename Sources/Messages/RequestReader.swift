// Requests as they come in over a channel, one after the other.

package import HTTP
package import Sockets

/// The server's side of reading. Pipelined requests wait in the channel's input until they are asked for.
package final class RequestReader {
  private let channel: Channel
  private var parser: RequestParser

  package init(_ channel: Channel, limits: HTTPLimits) {
    self.channel = channel
    parser = RequestParser(limits: limits)
  }

  /// Whether part of a request has come: the difference between a client that leaves and one that breaks off.
  package var isUnderWay: Bool { parser.isUnderWay || !channel.input.isEmpty }

  /// Gives back what is kept between two requests of a busy connection.
  package func releaseMemory() { parser.releaseMemory() }

  /// The next head, or nil if the client closed, or was idle until `idle`, without beginning another request. Once
  /// its first byte is here, the head must be whole within `completion`, however slowly its bytes come.
  package func head(idle: Deadline, completion: Duration) async throws(MessageError) -> RequestHead? {
    var deadline = channel.input.isEmpty ? idle : channel.stream.loop.now.advanced(by: completion)
    while true {
      if !channel.input.isEmpty, let head = try parse() {
        channel.input.consume(head.byteCount)
        return head
      }
      let wasIdle = !isUnderWay
      guard try await channel.fill(by: deadline, during: .head) else {
        if wasIdle { return nil }
        throw .closed(during: .head)
      }
      if wasIdle { deadline = channel.stream.loop.now.advanced(by: completion) }
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
    while true {
      try decode(&decoder, into: &body)
      guard hasRoom(body.count) else { throw .noRoom }
      if decoder.isComplete { return body }
      guard try await channel.fill(by: deadline, during: .body) else { throw .closed(during: .body) }
    }
  }

  private func parse() throws(MessageError) -> RequestHead? {
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
