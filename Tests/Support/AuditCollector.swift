// A collector of audit lines at the other end of a socket, which reads only when told to.

internal import Foundation
internal import Synchronization

package final class AuditCollector: Sendable {
  private let listener: BlockingSocket
  private let connections = Mutex<[BlockingSocket]>([])
  private let isReading = Atomic(false)
  private let received = Mutex<[[UInt8]]>([])

  /// What an operator writes for it.
  package let address: String

  /// Listens on TCP, or at a unix socket if `path` is given.
  package init(path: String? = nil, isReading: Bool = true) throws {
    listener = try path.map { try .listen(path: $0) } ?? .listen()
    address = path.map { "unix://\($0)" } ?? "tcp://127.0.0.1:\(listener.port)"
    self.isReading.store(isReading, ordering: .relaxed)
    Thread.detachNewThread { [listener, weak self] in
      while let connection = try? listener.accept(), let collector = self { collector.take(connection) }
    }
  }

  deinit { stop() }

  package func startReading() { isReading.store(true, ordering: .relaxed) }

  /// Ends the listener and every connection, as a collector that is killed.
  package func stop() {
    listener.shutdown()
    connections.withLock { for connection in $0 { connection.shutdown() } }
  }

  /// What came, connection by connection.
  package var streams: [[UInt8]] { received.withLock { $0 } }

  /// Everything that came so far.
  package var text: String { String(decoding: streams.joined(), as: UTF8.self) }

  private func take(_ connection: BlockingSocket) {
    connections.withLock { $0.append(connection) }
    let number = received.withLock { streams in
      streams.append([])
      return streams.count - 1
    }
    Thread.detachNewThread { [weak self] in
      while self?.isReading.load(ordering: .relaxed) == false { usleep(5_000) }
      while let bytes = try? connection.read(), !bytes.isEmpty {
        guard let self else { return }
        received.withLock { $0[number] += bytes }
      }
    }
  }
}
