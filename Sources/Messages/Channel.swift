// A stream as messages see it: plaintext in and out, whether TLS lies between or not.

package import Sockets
package import TLS

package enum ChannelError: Error, Sendable, Equatable {
  case socket(SocketError)
  case tls(TLSError)
  /// The peer's bytes ended without close_notify: what came last may be cut.
  case truncated
}

extension ChannelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .socket(let error): "\(error)"
    case .tls(let error): error.reason
    case .truncated: "the connection ended without closing TLS"
    }
  }
}

/// Confined to its stream's loop. Owns the stream: dropping the channel closes the connection.
package final class Channel {
  package let stream: Stream
  /// Plaintext that has come and is not read yet.
  package let input = ByteQueue()
  /// Plaintext that waits for `flush`.
  package let output = ByteQueue()
  private let session: Session?
  /// Bytes read since the loop last turned to others.
  private var unbrokenBytes = 0

  /// Without TLS: a unix socket, or `http://` towards Consul.
  package init(plain stream: Stream) {
    self.stream = stream
    session = nil
  }

  package init(_ stream: Stream, accepting context: ServerContext) throws(ChannelError) {
    self.stream = stream
    session = try Self.make { () throws(TLSError) in
      try Session(accepting: context, inbound: ByteQueue(), outbound: ByteQueue())
    }
  }

  package init(_ stream: Stream, connecting context: ClientContext) throws(ChannelError) {
    self.stream = stream
    session = try Self.make { () throws(TLSError) in
      try Session(connecting: context, inbound: ByteQueue(), outbound: ByteQueue())
    }
  }

  package var negotiated: Negotiated? { session?.negotiated }
  package var peerIdentity: PeerIdentity? { session?.peerIdentity }

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
      try await flushCiphertext(of: session, by: deadline)
      if step == .closed { throw .truncated }
      try await readCiphertext(of: session, by: deadline)
    }
  }

  /// Waits until there is more in `input` than before. False if the peer has ended its side.
  package func fill(by deadline: Deadline) async throws(ChannelError) -> Bool {
    guard let session else { return try await fillPlain(by: deadline) }
    while true {
      let step: Session.Step
      do throws(TLSError) {
        step = try session.read(into: input)
      } catch {
        if case .truncated = error { throw .truncated }
        try? stream.send(from: session.outbound)
        throw .tls(error)
      }
      switch step {
      case .progress: return true
      case .closed: return false
      case .needsInput:
        // We may owe the peer something that it waits for: the last flight of a handshake, a key update. If it
        // has said something instead, that goes out with the answer.
        if !session.outbound.isEmpty { try await flushCiphertext(of: session, by: deadline) }
        try await readCiphertext(of: session, by: deadline)
      }
    }
  }

  /// Whether the peer has been silent since its last message. An idle connection on which anything has come,
  /// its end included, cannot be used again. Does not wait, and costs no system call unless `asking` the kernel,
  /// which knows of an end before its event has come.
  package func isQuiet(asking: Bool = false) -> Bool {
    guard input.isEmpty else { return false }
    if asking { stream.suspectInput() }
    guard stream.mayHaveInput else { return true }
    guard let session else { return (try? stream.receive(into: input)) == .wouldBlock }
    // What came may be a ticket for the next connection, which is no message; more than fits into one read is no
    // ticket.
    guard let receipt = try? stream.receive(into: session.inbound), receipt != .end, !stream.mayHaveInput
    else { return false }
    return (try? session.read(into: input)) == .needsInput && input.isEmpty
  }

  /// Sends all of `output`.
  package func flush(by deadline: Deadline) async throws(ChannelError) {
    guard let session else {
      do throws(SocketError) {
        return try await stream.flush(output, by: deadline)
      } catch {
        throw .socket(error)
      }
    }
    // Piece by piece: a client that reads slowly holds its answer once, not a second time as ciphertext.
    repeat {
      do throws(TLSError) {
        try session.write(from: output, atMost: TLSLimits.pieceBytes)
      } catch {
        throw .tls(error)
      }
      try await flushCiphertext(of: session, by: deadline)
    } while !output.isEmpty
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

  /// Gives back the memory of whatever is empty. For a connection that has been idle for a while: one that is in use
  /// would only take it again.
  package func releaseBuffers() {
    input.releaseIfEmpty()
    output.releaseIfEmpty()
    session?.inbound.releaseIfEmpty()
    session?.outbound.releaseIfEmpty()
    session?.releaseBuffers()
  }

  private func fillPlain(by deadline: Deadline) async throws(ChannelError) -> Bool {
    do throws(SocketError) {
      while true {
        switch try stream.receive(into: input) {
        case .bytes(let count):
          try await giveWay(after: count, by: deadline)
          return true
        case .end: return false
        case .wouldBlock: try await wait(until: deadline)
        }
      }
    } catch {
      throw .socket(error)
    }
  }

  private func readCiphertext(of session: Session, by deadline: Deadline) async throws(ChannelError) {
    do throws(SocketError) {
      while true {
        switch try stream.receive(into: session.inbound) {
        case .bytes(let count): return try await giveWay(after: count, by: deadline)
        case .end: return session.endInput()
        case .wouldBlock: try await wait(until: deadline)
        }
      }
    } catch {
      throw .socket(error)
    }
  }

  private func wait(until deadline: Deadline) async throws(SocketError) {
    unbrokenBytes = 0
    try await stream.readable(by: deadline)
  }

  /// A peer that sends faster than it is read never makes its reader wait: without this, nobody else on the loop
  /// would run, and no deadline would be looked at.
  private func giveWay(after count: Int, by deadline: Deadline) async throws(SocketError) {
    unbrokenBytes += count
    guard unbrokenBytes > MessageLimits.unbrokenBytes else { return }
    unbrokenBytes = 0
    await stream.loop.sleep(until: stream.loop.now)
    guard stream.loop.now < deadline else { throw SocketError(doing: .read, because: .deadline) }
  }

  private func flushCiphertext(of session: Session, by deadline: Deadline) async throws(ChannelError) {
    do throws(SocketError) {
      try await stream.flush(session.outbound, by: deadline)
    } catch {
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
