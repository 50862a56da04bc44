// A Consul of ours that remembers every byte it was sent, and answers, stalls or lies as told.

internal import Synchronization
internal import Sockets

package final class RecordingUpstream: Sendable {
  package struct Received: Sendable {
    /// Head and body, exactly as they came.
    package let text: String
    package var target: String { text.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    package var method: String { text.split(separator: " ").first.map(String.init) ?? "" }
    package var body: String { text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "" }

    package subscript(_ field: String) -> String? {
      text.split(separator: "\r\n").first { $0.lowercased().hasPrefix(field.lowercased() + ":") }
        .map { String($0.dropFirst(field.count + 1).drop { $0 == " " }) }
    }
  }

  package enum Answer: Sendable {
    /// These bytes, and the connection goes on.
    case bytes(String)
    /// These bytes, and the connection ends.
    case last(String)
    /// The connection ends without a word.
    case close
    /// Nothing, until the other side leaves.
    case silence

    package static func json(_ body: String, fields: String = "") -> Answer {
      .bytes(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: 7\r\nX-Consul-Knownleader: true\r\n"
          + "X-Consul-Lastcontact: 0\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
  }

  package let port: UInt16
  private let listener: BlockingSocket
  private let received = Mutex<[Received]>([])
  private let departures = Atomic(0)
  private let connections = Mutex<[BlockingSocket]>([])
  private let answer: @Sendable (Received) -> Answer

  /// `answer` is called on a connection's thread, after the request has been recorded.
  package init(port: UInt16 = 0, answer: @escaping @Sendable (Received) -> Answer) throws {
    listener = try BlockingSocket.listen(port: port)
    self.port = listener.port
    self.answer = answer
    Thread.start(named: "recorder") { [self] in
      while let connection = try? listener.accept() {
        connections.withLock { $0.append(connection) }
        Thread.start(named: "recorder") { [self] in serve(connection) }
      }
    }
  }

  package var requests: [Received] { received.withLock { $0 } }

  /// How many connections the gate has ended while an answer was due.
  package var departed: Int { departures.load(ordering: .relaxed) }

  /// Ends the listener and every connection, as a Consul that is killed.
  package func stop() {
    listener.shutdown()
    dropConnections()
  }

  package func dropConnections() {
    connections.withLock { connections in
      for connection in connections { connection.shutdown() }
      connections = []
    }
  }

  private func serve(_ connection: BlockingSocket) {
    var pending: [UInt8] = []
    while true {
      while let length = Self.messageLength(pending) {
        let request = Received(text: String(decoding: pending.prefix(length), as: UTF8.self))
        pending.removeFirst(length)
        received.withLock { $0.append(request) }
        switch answer(request) {
        case .bytes(let text): try? connection.write(Array(text.utf8))
        case .last(let text):
          try? connection.write(Array(text.utf8))
          return connection.shutdown()
        case .close: return connection.shutdown()
        case .silence:
          if (try? connection.read())?.isEmpty != false { departures.add(1, ordering: .relaxed) }
          return
        }
      }
      guard let more = try? connection.read(), !more.isEmpty else { return }
      pending += more
    }
  }

  /// Length of the first whole message, by its own reading of the head: the gate sends Content-Length or nothing.
  private static func messageLength(_ bytes: [UInt8]) -> Int? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.upperBound]
    let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
    let body = field.flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
    let length = head.utf8.count + body
    return bytes.count >= length ? length : nil
  }
}
