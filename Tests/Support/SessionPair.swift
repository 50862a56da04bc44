// A client and a server session that talk over memory.

package import Sockets
package import TLS

package final class SessionPair {
  package let client: Session
  package let server: Session
  /// What the client has read, and what the server has.
  package let clientText = ByteQueue()
  package let serverText = ByteQueue()

  package init(_ server: ServerContext, _ client: ClientContext) throws(TLSError) {
    self.server = try Session(accepting: server, inbound: ByteQueue(), outbound: ByteQueue())
    self.client = try Session(connecting: client, inbound: ByteQueue(), outbound: ByteQueue())
  }

  /// Moves what each wants to send, at most `atMost` bytes each way; false if there was nothing to move.
  @discardableResult
  package func exchange(atMost: Int = .max) -> Bool {
    let there = Self.move(from: client.outbound, to: server.inbound, atMost: atMost)
    let back = Self.move(from: server.outbound, to: client.inbound, atMost: atMost)
    return there || back
  }

  /// How the handshake ended on each side, once neither has more to say: nil is success.
  package struct Outcome {
    package var client: TLSError?
    package var server: TLSError?
  }

  /// Shakes hands as far as it goes, moving `atMost` bytes a turn, then reads what followed: tickets, alerts.
  package func settle(atMost: Int = .max) -> Outcome {
    var outcome = Outcome()
    repeat {
      outcome.client = outcome.client ?? Self.advance(client, clientText)
      outcome.server = outcome.server ?? Self.advance(server, serverText)
    } while exchange(atMost: atMost)
    return outcome
  }

  /// Shakes hands; throws what either side throws.
  package func handshake(atMost: Int = .max) throws {
    let outcome = settle(atMost: atMost)
    if let error = outcome.server ?? outcome.client { throw error }
    guard client.isEstablished, server.isEstablished else { throw Stuck() }
  }

  package struct Stuck: Error {}

  @discardableResult
  package static func move(from source: ByteQueue, to target: ByteQueue, atMost: Int = .max) -> Bool {
    let count = min(source.count, atMost)
    guard count > 0 else { return false }
    source.withBytes { target.append($0.extracting(0..<count)) }
    source.consume(count)
    return true
  }

  private static func advance(_ session: Session, _ text: ByteQueue) -> TLSError? {
    do throws(TLSError) {
      if session.isEstablished {
        _ = try session.read(into: text)
      } else {
        _ = try session.handshake()
      }
      return nil
    } catch {
      return error
    }
  }
}

extension ByteQueue {
  /// A copy of what waits.
  package var contents: [UInt8] {
    withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }

  package var text: String { String(decoding: contents, as: UTF8.self) }
}
