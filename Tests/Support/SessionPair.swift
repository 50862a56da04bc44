// A client and a server session that talk over memory.

package import Sockets
package import TLS

package final class SessionPair {
  package let client: Session
  package let server: Session
  package let clientText = ByteQueue()
  package let serverText = ByteQueue()

  package init(_ server: ServerContext, _ client: ClientContext) throws(TLSError) {
    self.server = try Session(accepting: server, inbound: ByteQueue(), outbound: ByteQueue())
    self.client = try Session(connecting: client, inbound: ByteQueue(), outbound: ByteQueue())
  }

  /// Moves what each wants to send, at most `atMost` bytes each way; false if there was nothing to move.
  @discardableResult
  package func exchange(atMost: Int = .max) -> Bool {
    let there = move(from: client.outbound, to: server.inbound, atMost)
    let back = move(from: server.outbound, to: client.inbound, atMost)
    return there || back
  }

  /// Shakes hands until both are done, moving `atMost` bytes a turn.
  package func handshake(atMost: Int = .max) throws {
    var clientDone = false
    var serverDone = false
    while true {
      if !clientDone { clientDone = try client.handshake() == .progress }
      if !serverDone { serverDone = try server.handshake() == .progress }
      let moved = exchange(atMost: atMost)
      if clientDone, serverDone { break }
      guard moved else { throw Stuck() }
    }
    // Tickets that the server sent behind its last flight.
    while exchange() {}
    _ = try client.read(into: clientText)
  }

  package struct Stuck: Error {}

  private func move(from source: ByteQueue, to target: ByteQueue, _ atMost: Int) -> Bool {
    let count = min(source.count, atMost)
    guard count > 0 else { return false }
    source.withBytes { target.append($0.extracting(0..<count)) }
    source.consume(count)
    return true
  }
}
