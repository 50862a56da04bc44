// One TLS connection to a proxy, asked one thing at a time.

import Messages
import Sockets
import TLS

/// Confined to its loop.
final class Client {
  let number: Int
  private let channel: Channel
  private(set) var answer = AnswerReader(keepingBody: false)
  /// Of the bodies that come, once one has been compared whole; below zero: of any length.
  var expectedBytes = -1

  private init(_ number: Int, _ channel: Channel) {
    self.number = number
    self.channel = channel
  }

  static func connect(
    _ number: Int, port: UInt16, context: ClientContext, on loop: EventLoop, within time: Duration
  ) async throws -> Client {
    let deadline = Deadline.after(time)
    let stream = try await Stream.connect(to: [.loopback(port: port)], on: loop, by: deadline)
    let channel = try Channel(stream, connecting: context)
    try await channel.handshake(by: deadline)
    return Client(number, channel)
  }

  var suite: String { channel.negotiated.map { "\($0.version) \($0.cipherSuite)" } ?? "none" }
  var isResumed: Bool { channel.negotiated?.isResumed ?? false }
  var isOpen: Bool { channel.isQuiet(asking: true) }

  /// Sends what the handshake has left to be said: without it, it would wait for the first request, and the proxy for it.
  func finishHandshake() async throws { try await send([]) }

  func send(_ request: [UInt8]) async throws {
    channel.output.append(request)
    try await channel.flush(by: channel.stream.loop.now.advanced(by: LoadDriver.patience))
  }

  /// Asks, and returns when the answer is whole.
  func ask(_ request: [UInt8], keepingBody: Bool) async throws {
    try await send(request)
    answer.beginNext(keepingBody: keepingBody)
    while true {
      if !channel.input.isEmpty {
        let (consumed, step) = channel.input.withBytes { answer.take($0) }
        channel.input.consume(consumed)
        switch step {
        case .complete: return
        case .malformed: throw Trouble("what came is no HTTP answer")
        case .needsMore: break
        }
      }
      let deadline = channel.stream.loop.now.advanced(by: LoadDriver.patience)
      guard try await channel.fill(by: deadline) else {
        throw Trouble("the connection ended inside an answer")
      }
    }
  }

  func releaseBuffers() { channel.releaseBuffers() }

  func close() {
    channel.finishWriting()
    channel.close()
  }
}
