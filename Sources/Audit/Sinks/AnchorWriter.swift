// Where the log stands, noted at intervals where anyone who can write the log cannot.
import Bytes
import Digests
import Glibc

/// Notes a number and the link behind it, as `peergate audit anchor` prints them, in a file or in a syslog message of
/// its own. On its own thread, and its own connection: a file or a collector on another machine may take its
/// time, and no record waits for an anchor.
final class AnchorWriter: Sendable {
  private struct State: Sendable {
    var wanted: Chain?
    var isWriting = false
    var isClosing = false
    /// When what could not be noted is tried again.
    var retryAt: MonotonicTime?
  }

  private let destination: AnchorSettings.Destination
  private let access: FileAccess
  private let gate: GateName
  private let monitor = Monitor(State())
  private let notify: @Sendable (JournalNotice.Event) -> Void

  init(
    _ destination: AnchorSettings.Destination, _ access: FileAccess, gate: GateName,
    notify: @escaping @Sendable (JournalNotice.Event) -> Void
  ) throws(AuditError) {
    self.destination = destination
    self.access = access
    self.gate = gate
    self.notify = notify
    try JournalThread.start(name: "anchor") { self.run() }
  }

  /// Notes this one as soon as the last is written; one that has not been begun by then gives way to it.
  func note(_ chain: Chain) {
    monitor.withLock { $0.wanted = chain }
    monitor.wake()
  }

  /// Waits a moment for what is still to be noted.
  func finish() {
    monitor.withLock { $0.isClosing = true }
    monitor.wake()
    let deadline = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.lastAnchorMilliseconds)
    _ = monitor.wait(until: deadline) { $0.wanted == nil && !$0.isWriting ? true : nil }
  }

  private func run() {
    var hasFailed = false
    while let chain = next() {
      let failure = write("gate=\(gate.text) \(chain.last) \(chain.link.hexadecimal)")
      // Once, until it works again.
      if let failure, !hasFailed { notify(.anchorFailed(failure)) }
      hasFailed = failure != nil
      monitor.withLock { state in
        state.isWriting = false
        state.retryAt = nil
        // A collector that was away for a moment must not cost an interval. At the end there is one try.
        guard failure != nil, !state.isClosing else { return }
        state.wanted = state.wanted ?? chain
        state.retryAt = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.anchorAgainMilliseconds)
      }
      monitor.wake()
    }
  }

  /// What is to be noted next, as soon as it is time; nil at the end.
  private func next() -> Chain? {
    while true {
      let retryAt = monitor.withLock { $0.retryAt }
      let taken: Chain?? = monitor.wait(until: retryAt) { state in
        let isTime = state.isClosing || state.retryAt.map { $0 <= .now() } ?? true
        if isTime, let wanted = state.wanted {
          state.wanted = nil
          state.isWriting = true
          return .some(wanted)
        }
        return state.isClosing ? .some(nil) : nil
      }
      if let taken { return taken }
    }
  }

  private func write(_ text: String) -> AuditError? {
    do throws(AuditError) {
      switch destination {
      case .file(let path): try append(text, to: path)
      case .syslog(let address, let header): try send(text, to: address, header)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Opened each time: the file may be moved away, and its folder come and go.
  private func append(_ text: String, to path: String) throws(AuditError) {
    let file = Descriptor(owning: try LogFile.open(path, flags: O_CREAT))
    let isNew = file.status()?.size == 0
    let written = file.write(Array("\(text)\n".utf8).span) { false }
    if let code = written.code { throw .notWritten(code: code) }
    _ = file.sync()
    // A file system of another machine's may refuse it; the anchor is there all the same.
    if isNew { try? access.apply(to: file, at: path) }
  }

  /// Connected each time: a connection that is silent for hours is forgotten by what lies between.
  private func send(
    _ text: String, to address: SocketAddress, _ header: SyslogHeader
  ) throws(AuditError) {
    let (number, kind) = try Connection.open(address, kinds: [.datagram, .stream])
    let connection = Descriptor(owning: number)
    let framing = SyslogFraming(header, process: getpid(), message: "anchor")
    let message = framing.message(text, at: .now(), countingBytes: kind == .stream)
    let deadline = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.sendMilliseconds)
    let written = connection.write(message.span) { deadline <= .now() }
    if let code = written.code { throw .notWritten(code: code == EAGAIN ? ETIMEDOUT : code) }
  }
}

/// When and where anchors go.
package struct AnchorSettings: Sendable, Equatable {
  package enum Destination: Sendable, Equatable {
    case file(String)
    /// Messages whose MSGID is `anchor`.
    case syslog(SocketAddress, SyslogHeader)

    package static func == (left: Destination, right: Destination) -> Bool {
      switch (left, right) {
      case (.file(let left), .file(let right)): ByteString(left) == ByteString(right)
      case (.syslog(let left, let header), .syslog(let right, let other)): left == right && header == other
      case (.file, .syslog), (.syslog, .file): false
      }
    }
  }

  package var destination: Destination
  package var seconds: Int

  package init(_ destination: Destination, seconds: Int) {
    self.destination = destination
    self.seconds = seconds
  }
}
