// Lines over a connection, plain or as syslog messages.
import Glibc

/// A collector at the other end of a socket. Lines count as kept when the kernel has them; what it could
/// not deliver before a connection broke nobody can know, but the numbers of the lines show it there.
struct SocketSink: ~Copyable, Sink {
  private let address: SocketAddress
  /// Nil for plain lines.
  private let framing: SyslogFraming?
  private var descriptor = Descriptor.none
  private var kind = Connection.Kind.stream
  /// The last failure to connect, and until when it is not tried again.
  private var failure: (error: AuditError, until: MonotonicTime)?

  init(_ address: SocketAddress, framing: SyslogFraming?) {
    self.address = address
    self.framing = framing
  }

  mutating func prepare(isReopening: Bool) throws(AuditError) -> Beginning? {
    // A collector that has closed: a write would still be taken by the kernel, and be lost.
    if isReopening || descriptor.isAtEnd { descriptor = .none }
    if descriptor.isOpen { return nil }
    if let failure, failure.until > .now() { throw failure.error }
    do throws(AuditError) {
      let (number, kind) = try Connection.open(
        address, kinds: framing == nil ? [.stream, .datagram] : [.datagram, .stream])
      descriptor = Descriptor(owning: number)
      self.kind = kind
      failure = nil
      return Beginning(cause: .connected)
    } catch {
      failure = (error, MonotonicTime.now().advanced(byMilliseconds: AuditLimits.reconnectMilliseconds))
      throw error
    }
  }

  mutating func append(_ block: borrowing Block, isAbandoned: () -> Bool) -> Attempt {
    guard let framing else {
      let result = send(block.bytes.span, isAbandoned: isAbandoned)
      guard let failure = result.failure else { return .whole(block.lineCount) }
      return .broken(keptLines: block.lineCount(within: result.bytes), failure)
    }
    // A datagram is one message; on a stream the messages are counted off and may travel together.
    let messages = framing.messages(of: block, countingBytes: kind == .stream)
    var start = 0
    var kept = 0
    while kept < messages.ends.count {
      let end = kind == .stream ? messages.bytes.count : messages.ends[kept]
      let result = send(messages.bytes.span.extracting(start..<end), isAbandoned: isAbandoned)
      if let failure = result.failure {
        let sent = start + result.bytes
        return .broken(keptLines: messages.ends.firstIndex { $0 > sent } ?? messages.ends.count, failure)
      }
      kept = kind == .stream ? messages.ends.count : kept + 1
      start = end
    }
    return .whole(block.lineCount)
  }

  /// Gives the connection up when it fails or takes too long: half a message may be in it.
  private mutating func send(
    _ bytes: Span<UInt8>, isAbandoned: () -> Bool
  ) -> (bytes: Int, failure: AuditError?) {
    let deadline = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.sendMilliseconds)
    let written = descriptor.write(bytes) { isAbandoned() || deadline <= .now() }
    guard let code = written.code else { return (written.bytes, nil) }
    descriptor = .none
    return (written.bytes, .notWritten(code: code == EAGAIN ? ETIMEDOUT : code))
  }
}
