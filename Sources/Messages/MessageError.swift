// Why a message did not arrive, or did not leave.

package import HTTP
package import Sockets

/// Whose fault it is depends on whose channel it was: the client's or the upstream's.
package indirect enum MessageError: Error, Sendable {
  /// The peer broke the grammar or a limit of it.
  case malformed(Malformed)
  /// The peer was too slow with the named part.
  case slow(MessagePart)
  /// The peer closed before the named part was complete.
  case closed(during: MessagePart)
  /// Our side has no room for the content.
  case noRoom
  /// Our side gave up the wait.
  case interrupted
  /// The connection failed.
  case channel(ChannelError)

  init(_ error: ChannelError, during part: MessagePart) {
    switch error {
    case .socket(let failure) where failure.reason == .deadline: self = .slow(part)
    case .socket(let failure) where failure.reason == .interrupted: self = .interrupted
    case .socket(let failure) where failure.reason == .closed: self = .closed(during: part)
    case .truncated: self = .closed(during: part)
    default: self = .channel(error)
    }
  }
}

package enum MessagePart: String, Sendable {
  case head, body
}

extension MessageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let fault): "\(fault)"
    case .slow(let part): "the \(part) did not come in time"
    case .closed(let part): "the connection was closed before the \(part) was complete"
    case .noRoom: "there was no room for the content"
    case .interrupted: "the wait was given up"
    case .channel(let error): "\(error)"
    }
  }
}

extension MessageError {
  /// The peer is gone, as opposed to slow or wrong.
  package var isEndOfConnection: Bool {
    switch self {
    case .closed, .channel: true
    case .malformed, .slow, .noRoom, .interrupted: false
    }
  }
}

// Inlined within this layer, as other thin layers of asynchronous functions are in theirs: each that is not costs an
// allocation in the task, and a frame that stays for as long as anybody waits below it.
extension Channel {
  /// `flush` in the words of messages.
  package func flush(by deadline: Deadline, during part: MessagePart) async throws(MessageError) {
    do throws(ChannelError) {
      try await flush(by: deadline)
    } catch {
      throw MessageError(error, during: part)
    }
  }

  /// `fill` in the words of messages.
  @inline(__always)
  func fill(by deadline: Deadline, during part: MessagePart) async throws(MessageError) -> Bool {
    do throws(ChannelError) {
      return try await fill(by: deadline)
    } catch {
      throw MessageError(error, during: part)
    }
  }
  @inline(__always)
  func fill(
    _ bytes: inout [UInt8], atMost limit: Int, by deadline: Deadline, during part: MessagePart
  ) async throws(MessageError) -> Bool {
    do throws(ChannelError) {
      return try await fill(&bytes, atMost: limit, by: deadline)
    } catch {
      throw MessageError(error, during: part)
    }
  }
}
