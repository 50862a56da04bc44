// A Consul of ours that remembers every byte it was sent, and answers, stalls or lies as told.

internal import Sockets
internal import Synchronization
package import TLS

package final class RecordingUpstream: Sendable {
  package struct Received: Sendable {
    /// Head and body, exactly as they came.
    package let text: String
    /// Which connection it came over, counted from 0.
    package let connection: Int
    package var target: String { text.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    /// The last part of the path.
    package var name: Substring { target.split(separator: "/").last ?? "" }
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
    /// These bytes, and under TLS the connection ends without TLS's goodbye.
    case cut(String)
    /// The connection ends without a word.
    case close
    /// These bytes or none, and then nothing until the other side leaves.
    case silence(String = "")

    package static func json(_ body: String, fields: String = "") -> Answer {
      .bytes(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: 7\r\nX-Consul-Knownleader: true\r\n"
          + "X-Consul-Lastcontact: 0\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
  }

  package let port: UInt16
  private let listener: BlockingSocket
  private let tls: ServerSettings?
  private let received = Mutex<[Received]>([])
  private let departures = Atomic(0)
  private let connections = Mutex<[BlockingSocket]>([])
  private let answer: @Sendable (Received) -> Answer
  private let greeting = Mutex<String?>(nil)

  /// Said on each new connection before anything was asked; not under TLS.
  package func greet(with text: String?) { greeting.withLock { $0 = text } }

  /// `answer` is called on a connection's thread, after the request has been recorded; it may block.
  package init(
    port: UInt16 = 0, path: String? = nil, tls: ServerSettings? = nil,
    answer: @escaping @Sendable (Received) -> Answer
  ) throws {
    listener = try path.map { try .listen(path: $0) } ?? .listen(port: port)
    self.port = path == nil ? listener.port : 0
    self.tls = tls
    self.answer = answer
    // The thread keeps the listener and not the whole, so that the end of the test is the end of both.
    Thread.start(named: "recorder") { [listener, weak self] in
      while let connection = try? listener.accept(), let upstream = self {
        let number = upstream.connections.withLock { connections in
          connections.append(connection)
          return connections.count - 1
        }
        if let greeting = upstream.greeting.withLock({ $0 }) { try? connection.write(Array(greeting.utf8)) }
        Thread.start(named: "recorder") { [weak upstream] in
          guard let end = try? ServerEnd(connection, upstream?.tls) else { return }
          Self.serve(end, number) { upstream }
        }
      }
    }
  }

  deinit { stop() }

  /// `http://127.0.0.1:<port>`.
  package var address: String { "http://127.0.0.1:\(port)" }

  package var requests: [Received] { received.withLock { $0 } }

  /// How many connections have been made so far.
  package var connectionCount: Int { connections.withLock { $0.count } }

  /// How many connections the gate has ended while an answer was due.
  package var departed: Int { departures.load(ordering: .relaxed) }

  /// Ends the listener and every connection, as a Consul that is killed.
  package func stop() {
    listener.shutdown()
    dropConnections()
  }

  /// Sends bytes that nobody asked for over every connection; without TLS alone.
  package func say(_ text: String) {
    connections.withLock { connections in
      for connection in connections { try? connection.write(Array(text.utf8)) }
    }
  }

  package func dropConnections() {
    connections.withLock { connections in
      for connection in connections { connection.shutdown() }
    }
  }

  private static func serve(_ connection: ServerEnd, _ number: Int, _ upstream: () -> RecordingUpstream?) {
    var pending: [UInt8] = []
    while true {
      while let length = messageLength(pending) {
        let request = Received(
          text: String(decoding: pending.prefix(length), as: UTF8.self), connection: number)
        pending.removeFirst(length)
        guard let upstream = upstream() else { return connection.cut() }
        upstream.received.withLock { $0.append(request) }
        switch upstream.answer(request) {
        case .bytes(let text): try? connection.write(text)
        case .last(let text):
          try? connection.write(text)
          return connection.close()
        case .cut(let text):
          try? connection.write(text)
          return connection.cut()
        case .close: return connection.close()
        case .silence(let text):
          if !text.isEmpty { try? connection.write(text) }
          if (try? connection.read())?.isEmpty != false {
            upstream.departures.add(1, ordering: .relaxed)
          }
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
