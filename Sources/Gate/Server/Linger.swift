// The end of a connection on which the client may still be sending.

internal import Messages
internal import Sockets

/// RFC 9112 9.6: closing a socket with unread bytes in it resets the connection, and a reset can destroy the answer before
/// the client has read it. So our side is closed first, and what the client still sends is read and dropped until it
/// ends its side, within these bounds. Without TLS in between: nothing of it is wanted.
struct Linger {
  private let loop: EventLoop
  private let pause: Duration
  private var latestEnd: Deadline
  private var end: Deadline
  private var bytesLeft: Int
  private var droppedBytes = 0
  private var unbrokenBytes = 0

  /// - Parameter isMidMessage: the client is known to have more to send than has come.
  init(_ loop: EventLoop, limits: GateLimits, isMidMessage: Bool, isDraining: Bool) {
    self.loop = loop
    let soon = loop.now.advanced(by: GateLimits.goodbyeTimeout)
    pause = GateLimits.lingerPause
    latestEnd = isDraining ? soon : loop.now.advanced(by: limits.lingerTimeout)
    end = isMidMessage ? latestEnd : soon
    bytesLeft = limits.lingerBytes
  }

  /// A drain has begun: others wait for this to end.
  private mutating func shorten() {
    latestEnd = min(latestEnd, loop.now.advanced(by: GateLimits.goodbyeTimeout))
    end = min(end, latestEnd)
  }

  /// Returns when the client has ended its side, or was given enough.
  mutating func run(on stream: Stream) async {
    let dropped = ByteQueue(from: loop.blocks)
    while bytesLeft > 0, loop.now < end {
      do throws(SocketError) {
        switch try stream.receive(into: dropped) {
        case .bytes(let count):
          dropped.removeAll()
          bytesLeft -= count
          droppedBytes += count
          // More than the end of TLS: so it was sending after all.
          if droppedBytes > GateLimits.goodbyeBytes { end = latestEnd }
          await takeTurns(after: count)
        case .wouldBlock: try await stream.readable(by: min(end, loop.now.advanced(by: pause)))
        case .end: return
        }
      } catch {
        guard error.reason == .interrupted, stream.isOpen, !stream.isAbandoned else { return }
        shorten()
      }
    }
  }

  /// A client that sends without a pause would keep the loop from everybody else.
  private mutating func takeTurns(after count: Int) async {
    unbrokenBytes += count
    guard unbrokenBytes > GateLimits.unbrokenLingerBytes else { return }
    unbrokenBytes = 0
    await loop.letOthersRun()
  }
}
