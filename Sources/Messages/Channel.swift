// A stream as messages see it: plaintext in and out, whether TLS lies between or not.

package import Sockets
package import TLS

/// Confined to its stream's loop. Owns the stream: dropping the channel closes the connection.
package final class Channel {
  package let stream: Stream
  /// Plaintext that has come and is not read yet.
  package let input: ByteQueue
  /// Plaintext that waits for `flush`.
  package let output: ByteQueue
  private let session: Session?
  /// Whether anything has come of the handshake.
  package private(set) var hasHeardPeer = false
  /// Bytes read since the loop last turned to others.
  private var unbrokenBytes = 0

  /// Without TLS: a unix socket, or `http://` towards Consul.
  package init(plain stream: Stream) {
    self.stream = stream
    input = ByteQueue(from: stream.loop.blocks)
    output = ByteQueue(from: stream.loop.blocks)
    session = nil
  }

  package init(_ stream: Stream, accepting context: ServerContext) throws(ChannelError) {
    let blocks = stream.loop.blocks
    self.stream = stream
    input = ByteQueue(from: blocks)
    output = ByteQueue(from: blocks)
    session = try Self.make { () throws(TLSError) in
      try Session(accepting: context, inbound: ByteQueue(from: blocks), outbound: ByteQueue(from: blocks))
    }
  }

  package init(_ stream: Stream, connecting context: ClientContext) throws(ChannelError) {
    let blocks = stream.loop.blocks
    self.stream = stream
    input = ByteQueue(from: blocks)
    output = ByteQueue(from: blocks)
    session = try Self.make { () throws(TLSError) in
      try Session(connecting: context, inbound: ByteQueue(from: blocks), outbound: ByteQueue(from: blocks))
    }
  }

  /// Goes on where a channel over the same stream rested.
  package init(_ stream: Stream, waking session: consuming SuspendedSession) throws(ChannelError) {
    let blocks = stream.loop.blocks
    self.stream = stream
    input = ByteQueue(from: blocks)
    output = ByteQueue(from: blocks)
    do throws(TLSError) {
      self.session = try Session(
        waking: session, inbound: ByteQueue(from: blocks), outbound: ByteQueue(from: blocks))
    } catch {
      throw .tls(error)
    }
  }

  package var negotiated: Negotiated? { session?.negotiated }
  package var peerIdentity: PeerIdentity? { session?.peerIdentity }
  package var proofEnd: Int? { session?.proofEnd }
  package var clientStanding: ClientStanding? { session?.clientStanding }

  /// Agrees on keys. Nothing to do without TLS.
  package func handshake(by deadline: Deadline) async throws(ChannelError) {
    guard let session else { return }
    while true {
      let step: Session.Step
      do throws(TLSError) {
        step = try session.handshake()
      } catch {
        // The alert that tells the peer why is worth one try, and no wait.
        try? stream.send(from: session.outbound)
        throw .tls(error)
      }
      // The last flight may carry tickets: it goes out with the first answer, in the same packet.
      if step == .progress { return }
      try await flushCiphertext(by: deadline)
      if step == .closed { throw .truncated }
      try await fillCiphertext(of: session, by: deadline)
    }
  }

  /// Waits until there is more in `input` than before. False if the peer has ended its side.
  package func fill(by deadline: Deadline) async throws(ChannelError) -> Bool {
    while true {
      let receipt = try receive()
      switch receipt {
      case .bytes: return true
      case .end: return false
      case .mustFlush: try await flushCiphertext(by: deadline)
      case .wouldBlock, .enough:
        try await wait(after: receipt, by: deadline)
      }
    }
  }

  /// Whether bytes need not pass through `input`: see `fill(_:atMost:by:)`.
  package var readsInPlace: Bool { session == nil && input.isEmpty }

  /// Waits until there is more at the end of `bytes` than before. Only without TLS, and while nothing waits in `input`.
  package func fill(
    _ bytes: inout [UInt8], atMost limit: Int, by deadline: Deadline
  ) async throws(ChannelError) -> Bool {
    precondition(readsInPlace, "bytes that came before would be passed over")
    while true {
      let receipt = try receive { (stream) throws(SocketError) in
        try stream.receive(into: &bytes, atMost: limit)
      }
      switch receipt {
      case .bytes: return true
      case .end: return false
      case .wouldBlock, .enough, .mustFlush: try await wait(after: receipt, by: deadline)
      }
    }
  }

  /// Whether the peer has been silent since its last message, and has been sent all of ours. An idle connection on which anything has come,
  /// its end included, cannot be used again. Does not wait, and costs no system call unless `asking` the kernel,
  /// which knows of an end before its event has come.
  package func isQuiet(asking: Bool = false) -> Bool {
    guard input.isEmpty, session?.isBetweenRecords ?? true else { return false }
    guard output.isEmpty, session?.outbound.isEmpty ?? true else { return false }
    if asking { stream.recheckReadable() }
    guard stream.mayHaveInput else { return true }
    guard let session else { return (try? stream.receive(into: input)) == .wouldBlock }
    // What came may be a ticket for the next connection, which is no message; more than fits into one read is no
    // ticket, and part of a record may become anything.
    guard let receipt = try? stream.receive(into: session.inbound), receipt != .end, !stream.mayHaveInput
    else { return false }
    return (try? session.read(into: input)) == .needsInput && input.isEmpty && session.isBetweenRecords
  }

  /// Sends all of `output`.
  @inline(__always)
  package func flush(by deadline: Deadline) async throws(ChannelError) {
    if try !send() { try await flushRest(by: deadline) }
  }

  /// After the kernel has taken what it would.
  @inline(never)
  private func flushRest(by deadline: Deadline) async throws(ChannelError) {
    repeat {
      do throws(SocketError) {
        try await stream.flush(session?.outbound ?? output, by: deadline)
      } catch {
        throw .socket(error)
      }
    } while try !send()
  }

  /// Says goodbye as far as that needs no waiting: close_notify, and the end of our side.
  package func finishWriting() {
    if let session {
      try? session.close()
      try? stream.send(from: session.outbound)
    }
    stream.finishWriting()
  }

  package func close() { stream.close() }

  /// Ends this object, but neither the stream nor the conversation: a channel that is made of the result goes on with
  /// both. Nil, and nothing is changed, while bytes are on their way, and without TLS.
  package func suspend() -> SuspendedSession? {
    guard input.isEmpty, output.isEmpty else { return nil }
    return session?.suspend()
  }

  /// Gives back the memory that TLS keeps for the next record: 34 kB. For a connection that will be quiet for a while:
  /// one that is in use would only take it again.
  package func releaseBuffers() {
    guard let session else { return }
    // Tickets that wait for the first answer would hold a block as long as that takes. A stream that is broken says
    // so to anyone who reads or writes next.
    if !session.outbound.isEmpty { try? stream.send(from: session.outbound) }
    session.releaseBuffers()
  }

  private enum Receipt {
    case bytes, wouldBlock, end
    /// The peer waits for something of ours: the last flight of a handshake, a key update.
    case mustFlush
    /// A peer that sends faster than it is read never makes its reader wait.
    case enough
  }

  /// Reads what is there, without waiting.
  private func receive() throws(ChannelError) -> Receipt {
    guard let session else { return try receive(into: input) }
    while true {
      switch try decrypt(session) {
      case .progress: return .bytes
      case .closed: return .end
      case .needsInput: break
      }
      // If the peer has said something instead, that goes out with the answer.
      if !session.outbound.isEmpty { return .mustFlush }
      switch try receive(into: session.inbound) {
      case .bytes: continue
      case .end: session.endInput()
      case let other: return other
      }
    }
  }

  private func decrypt(_ session: Session) throws(ChannelError) -> Session.Step {
    do throws(TLSError) {
      return try session.read(into: input)
    } catch {
      if case .truncated = error { throw .truncated }
      // The alert that tells the peer why is worth one try, and no wait.
      try? stream.send(from: session.outbound)
      throw .tls(error)
    }
  }

  private func receive(into queue: ByteQueue) throws(ChannelError) -> Receipt {
    try receive { (stream) throws(SocketError) in try stream.receive(into: queue) }
  }

  @inline(__always)
  private func receive(
    _ read: (Stream) throws(SocketError) -> Stream.Receipt
  ) throws(ChannelError) -> Receipt {
    guard unbrokenBytes <= MessageLimits.unbrokenBytes else { return .enough }
    do throws(SocketError) {
      switch try read(stream) {
      case .bytes(let count):
        unbrokenBytes += count
        return .bytes
      case .end: return .end
      case .wouldBlock: return .wouldBlock
      }
    } catch {
      throw .socket(error)
    }
  }

  private func fillCiphertext(of session: Session, by deadline: Deadline) async throws(ChannelError) {
    while true {
      let receipt = try receive(into: session.inbound)
      switch receipt {
      case .bytes: return hasHeardPeer = true
      case .end: return session.endInput()
      case .wouldBlock, .enough, .mustFlush: try await wait(after: receipt, by: deadline)
      }
    }
  }

  /// After `enough` the loop turns to others: without that nobody else would run while one peer sends. The deadline is
  /// looked at before each wait: that of a peer whose next bytes are always there first would never be waited for.
  @inline(__always)
  private func wait(after receipt: Receipt, by deadline: Deadline) async throws(ChannelError) {
    unbrokenBytes = 0
    do throws(SocketError) {
      guard stream.loop.now < deadline else { throw SocketError(doing: .read, because: .deadline) }
      if receipt != .enough { return try await stream.readable(by: deadline) }
      await stream.loop.letOthersRun()
    } catch {
      throw .socket(error)
    }
  }

  /// Hands the kernel what it takes of `output`, without waiting. True if that was all.
  ///
  /// Piece by piece: a client that reads slowly holds its answer once, not a second time as ciphertext.
  package func send() throws(ChannelError) -> Bool {
    let outbound = session?.outbound ?? output
    repeat {
      if let session, outbound.count <= MessageLimits.joinedBytes {
        do throws(TLSError) {
          try session.write(from: output, atMost: TLSLimits.pieceBytes)
        } catch {
          throw .tls(error)
        }
      }
      do throws(SocketError) { try stream.send(from: outbound) } catch { throw .socket(error) }
      guard outbound.isEmpty else { return false }
    } while !output.isEmpty
    return true
  }

  private func flushCiphertext(by deadline: Deadline) async throws(ChannelError) {
    guard let session else { return }
    do throws(SocketError) { try await stream.flush(session.outbound, by: deadline) } catch {
      throw .socket(error)
    }
  }

  private static func make(_ body: () throws(TLSError) -> Session) throws(ChannelError) -> Session {
    do throws(TLSError) {
      return try body()
    } catch {
      throw .tls(error)
    }
  }
}
