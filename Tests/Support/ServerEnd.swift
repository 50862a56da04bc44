// One accepted connection of a server in a test: blocking, with TLS or without.

internal import Sockets
internal import TLS

/// Used by one thread; only `end` may be called from others.
final class ServerEnd {
  private let socket: BlockingSocket
  private let session: Session?

  /// Without settings: plain. A handshake that fails throws.
  init(_ socket: BlockingSocket, _ tls: ServerSettings?) throws {
    self.socket = socket
    guard let tls else {
      session = nil
      return
    }
    // A context and ticket keys of its own: nothing is shared between the threads of a test.
    let context = try ServerContext(tls, ticketKeys: TicketKeys())
    let session = try Session(accepting: context, inbound: ByteQueue(), outbound: ByteQueue())
    self.session = session
    defer { try? flush() }
    while try session.handshake() == .needsInput {
      try flush()
      let bytes = try socket.read()
      if bytes.isEmpty { session.endInput() }
      session.inbound.append(bytes)
    }
  }

  /// What has come; empty at the end.
  func read() throws -> [UInt8] {
    guard let session else { return try socket.read() }
    let text = ByteQueue()
    while true {
      switch try session.read(into: text) {
      case .progress: return text.contents
      case .closed: return []
      case .needsInput:
        try flush()
        let bytes = try socket.read()
        if bytes.isEmpty { return [] }
        session.inbound.append(bytes)
      }
    }
  }

  func write(_ text: String) throws {
    guard let session else { return try socket.write(Array(text.utf8)) }
    try session.write(Array(text.utf8).span)
    try flush()
  }

  /// Ends the connection, with TLS's own goodbye if there is TLS.
  func close() {
    try? session?.close()
    try? flush()
    socket.shutdown()
  }

  /// Ends the connection without a goodbye: what came last may be cut.
  func cut() { socket.shutdown() }

  private func flush() throws {
    guard let session else { return }
    let bytes = session.outbound.contents
    session.outbound.removeAll()
    if !bytes.isEmpty { try socket.write(bytes) }
  }
}
