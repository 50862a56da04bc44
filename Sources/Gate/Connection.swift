// One client's connection: handshake, then exchange after exchange, then a goodbye that can be heard.

internal import HTTP
internal import Logging
internal import Messages
internal import Sockets
internal import TLS

/// Confined to its worker's loop, and run by one task.
final class Connection {
  private enum Phase {
    /// Nothing was asked yet.
    case handshake
    /// No request is under way: a drain may end the connection here without a word.
    case idle
    case exchange
    /// Consul is being asked on the stream; for a long time, if by a blocking query.
    case asking(Stream, isBlocking: Bool)
  }

  private let state: WorkerState
  private let stream: Stream
  private let peer: Sockets.SocketAddress
  private var client: Client?
  private var phase = Phase.handshake

  init(_ stream: Stream, peer: Sockets.SocketAddress, state: WorkerState) {
    self.stream = stream
    self.peer = peer
    self.state = state
  }

  func run() async {
    defer { stream.close() }
    guard let channel = await secure() else { return }
    let client = Client(peer: peer, channel: channel, limits: state.limits.request)
    self.client = client
    defer { client.place.retire() }
    while await serveNext(client) {}
    await sayGoodbye(on: channel)
  }

  /// A drain has begun. What is idle ends at once, what waits for Consul is answered, what runs finishes.
  func drain() {
    switch phase {
    case .handshake, .idle: stream.interrupt()
    case .asking(let upstream, isBlocking: true): upstream.abandon()
    case .asking, .exchange: break
    }
  }

  /// The drain's time is up. What Consul is being asked is given up too, and that is recorded.
  func cut() {
    if case .asking(let upstream, _) = phase { upstream.abandon() }
    stream.close()
  }

  func releaseBuffersIfIdle() {
    guard case .idle = phase else { return }
    client?.channel.releaseBuffers()
    client?.releaseMemory()
  }

  private func secure() async -> Channel? {
    do throws(ChannelError) {
      let channel = try Channel(stream, accepting: state.tls)
      try await channel.handshake(by: state.loop.now.advanced(by: state.limits.httpsHandshakeTimeout))
      return channel
    } catch {
      noteFailedHandshake(error)
      state.logger.debug("handshake failed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
      return nil
    }
  }

  private func noteFailedHandshake(_ error: ChannelError) {
    // One that a drain ended was not the client's failure.
    if state.isDraining, case .socket(let failure) = error, failure.reason == .interrupted { return }
    state.note(failedHandshakeOf: peer, "\(error)")
  }

  /// Reads and answers one request. False ends the connection.
  private func serveNext(_ client: Client) async -> Bool {
    guard !state.isDraining || client.reader.isUnderWay else { return false }
    phase = .idle
    if state.isCrowded { client.channel.releaseBuffers() }
    defer { phase = .exchange }
    let head: RequestHead?
    do throws(MessageError) {
      head = try await client.reader.head(
        idle: state.loop.now.advanced(by: state.limits.idleTimeout), completion: state.limits.requestTimeout)
    } catch {
      // Nothing was asked: the client left, or was idle for too long, or a drain ended the idle connection.
      guard client.reader.isUnderWay else { return false }
      _ = await Exchange(with: client, of: state, head: nil).refuse(.request(error))
      return false
    }
    guard let head else { return false }
    phase = .exchange
    return await Exchange(with: client, of: state, head: head).run(head) { upstream, isBlocking in
      phase = upstream.map { .asking($0, isBlocking: isBlocking) } ?? .exchange
    }
  }

  /// Closing a socket with unread bytes in it resets the connection, and a reset can destroy the answer before the
  /// client has read it. So our side is closed first, and what the client still sends is read and dropped for a
  /// short while.
  private func sayGoodbye(on channel: Channel) async {
    guard stream.isOpen, !stream.isHungUp else { return }
    channel.finishWriting()
    let end = state.loop.now.advanced(by: GateLimits.lingerTimeout)
    let rest = ByteQueue()
    var dropped = 0
    do throws(SocketError) {
      while dropped < GateLimits.lingerBytes {
        switch try stream.receive(into: rest) {
        case .bytes(let count):
          dropped += count
          rest.removeAll()
        case .wouldBlock: try await stream.readable(by: end)
        case .end: return
        }
      }
    } catch {
      return
    }
  }
}
