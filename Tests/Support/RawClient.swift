// A TLS client that sends exactly the bytes it is told to.

package import HTTP
internal import Sockets
package import TLS

package struct RawReply: Sendable {
  package let status: Int
  /// In lower case, with the values as they came.
  package let fields: [(name: String, value: String)]
  package let body: String

  package subscript(_ name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }
}

package struct NoReply: Error {
  /// What had come when the connection ended.
  package let soFar: String
}

package final class RawClient {
  private let socket: BlockingSocket
  private let session: Session
  private let input = ByteQueue()
  private var hasEnded = false
  /// Whether the end of the connection was TLS's own, rather than a cut.
  package private(set) var hasPeerSaidGoodbye = false

  /// Connects and completes the handshake.
  package init(port: UInt16, context: ClientContext, from host: UInt8? = nil) throws {
    socket = try BlockingSocket.connect(port: port, from: host)
    session = try Session(connecting: context, inbound: ByteQueue(), outbound: ByteQueue())
    while try session.handshake() == .needsInput {
      try flush()
      try receive()
    }
    try flush()
    guard session.isEstablished else { throw NoReply(soFar: "") }
  }

  /// What was agreed on in the handshake.
  package var negotiated: Negotiated? { session.negotiated }

  package func send(_ bytes: [UInt8]) throws {
    try session.write(bytes.span)
    try flush()
  }

  package func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// One reply, or `NoReply` if the connection ended before it was whole.
  package func reply(to method: Method = .get) throws -> RawReply {
    var parser = ResponseParser(replyTo: method, limits: Self.limits)
    var head: ResponseHead?
    var decoder = BodyDecoder(.none)
    var body: [UInt8] = []
    while true {
      if head == nil, let parsed = try input.withBytes({ try parser.parse($0) }) {
        input.consume(parsed.byteCount)
        head = parsed
        decoder = BodyDecoder(parsed.framing, limits: Self.limits)
      }
      if let head {
        input.consume(try input.withBytes { try decoder.decode($0, into: &body) })
        if decoder.isComplete { return Self.reply(head, body) }
      }
      if hasEnded { throw NoReply(soFar: input.text) }
      try fill()
    }
  }

  /// Takes what comes up to and including `mark`, whatever it is.
  package func wait(for mark: String) throws -> String {
    while true {
      let text = input.text
      if let end = text.firstRange(of: mark)?.upperBound {
        input.consume(text[..<end].utf8.count)
        return String(text[..<end])
      }
      if hasEnded { throw NoReply(soFar: text) }
      try fill()
    }
  }

  /// Everything until the gate closes.
  package func rest() throws -> String {
    while !hasEnded { try fill() }
    return input.text
  }

  package func request(_ text: String) throws -> RawReply {
    try send(text)
    return try reply(to: text.hasPrefix("HEAD") ? .head : .get)
  }

  /// How a client can leave.
  package enum Departure: String, Sendable, CaseIterable {
    /// By TLS's own goodbye, and the end of the connection.
    case politely
    /// The connection ends, as of a process that was killed.
    case silently
    /// The connection is reset.
    case byReset
  }

  package func leave(_ departure: Departure) {
    switch departure {
    case .politely:
      try? session.close()
      try? flush()
      socket.shutdown()
    case .silently: socket.shutdown()
    case .byReset: socket.reset()
    }
  }

  /// Ends this side alone: nothing more is sent, and what comes can still be read.
  package func endSending(politely: Bool) throws {
    if politely {
      try session.close()
      try flush()
    }
    socket.shutdownWriting()
  }

  private static var limits: HTTPLimits {
    var limits = HTTPLimits.standard
    limits.bodyBytes = 64 << 20
    return limits
  }

  private static func reply(_ head: ResponseHead, _ body: [UInt8]) -> RawReply {
    var fields: [(name: String, value: String)] = []
    head.fields.forEach { name, value in fields.append(("\(name.spelling)".lowercased(), value.text)) }
    return RawReply(
      status: Int(head.status.rawValue), fields: fields, body: String(decoding: body, as: UTF8.self))
  }

  private func fill() throws {
    switch try session.read(into: input) {
    case .progress: return
    case .closed:
      hasEnded = true
      hasPeerSaidGoodbye = true
    case .needsInput: try receive()
    }
  }

  private func receive() throws {
    let bytes: [UInt8]
    do {
      bytes = try socket.read()
    } catch let failure as SocketFailure where failure.code == 104 {
      // ECONNRESET: an end like any other here.
      hasEnded = true
      return session.endInput()
    }
    if bytes.isEmpty {
      hasEnded = true
      session.endInput()
    } else {
      session.inbound.append(bytes)
    }
  }

  private func flush() throws {
    let bytes = session.outbound.contents
    session.outbound.removeAll()
    if !bytes.isEmpty { try socket.write(bytes) }
  }
}
