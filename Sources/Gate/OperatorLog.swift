// The operator's log: lines for people, written by a thread that alone waits for their reader.

internal import Audit
package import Logging
internal import Bytes
package import Sockets
internal import Synchronization

/// A bounded queue in front of standard error. Anyone who logs never waits: a pipe that nobody reads would else stop every
/// worker that has something to complain of, and the thread that waits for SIGTERM.
package final class OperatorLog: Sendable {
  /// Lines that may wait; beyond that they are dropped and counted.
  package static let waitingLines = 1_024
  /// How often problems of one kind have a line; those between are counted, and the next line has their number.
  package static let repetitionInterval = Duration.seconds(1)
  /// Kinds told apart. Messages are texts of our own, so there are fewer; this is for what is forgotten to be one.
  static let kinds = 256
  /// How long the end waits for lines that were not written yet.
  package static let closingTimeout = Duration.seconds(1)

  private struct State {
    var waiting = 0
    var dropped = 0
    var lastByKind: [Kind: (at: Deadline, suppressed: Int)] = [:]
    var timestamp = TimestampFormatter()
  }

  struct Kind: Hashable {
    let level: Logger.Level
    let label: [UInt8]
    /// The message without its digits: sizes and counts make no new kind.
    let words: [UInt8]
  }

  private let loop: EventLoop
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameter write: is given whole lines, on the log's own thread; it may block.
  package init(write: @escaping @Sendable (String) -> Void) throws(SocketError) {
    let loop = try EventLoop()
    self.loop = loop
    self.write = write
    Thread.start(named: "log") { loop.run() }
  }

  /// - Parameter thins: whether a problem that repeats itself has a line a second. What answers an operator's own act,
  ///   such as a reload, is always said.
  package func handler(label: String, level: Logger.Level, thins: Bool) -> any LogHandler {
    OperatorLogHandler(log: self, label: label, logLevel: level, thins: thins)
  }

  /// Queues one message. `facts` follow it in their order.
  func log(
    _ level: Logger.Level, _ label: String, _ message: String, facts: [(name: String, value: String)],
    thins: Bool = true, at now: Deadline = .now, on clock: WallTime = .now()
  ) {
    let line = state.withLock { state -> String? in
      var facts = facts
      if thins, level >= .warning {
        let kind = Kind(
          level: level, label: Array(label.utf8), words: message.utf8.filter { !(0x30...0x39).contains($0) })
        guard let suppressed = Self.admit(kind, &state, now) else { return nil }
        if suppressed > 0 { facts.append(("repeated", "\(suppressed)")) }
      }
      state.timestamp.format(clock)
      let time = String(decoding: state.timestamp.text, as: UTF8.self)
      return Self.line("\(time) \(level.rawValue) \(label): \(message)", facts)
    }
    if let line { say(line) }
  }

  /// Queues text of our own as it is.
  package func say(_ text: String) {
    let dropped = state.withLock { state -> Int? in
      guard state.waiting < Self.waitingLines else {
        state.dropped += 1
        return nil
      }
      state.waiting += 1
      defer { state.dropped = 0 }
      return state.dropped
    }
    guard let dropped else { return }
    loop.perform { [self] in
      if dropped > 0 { write("(\(dropped) lines were dropped: nobody reads this log fast enough)") }
      write(text)
      state.withLock { $0.waiting -= 1 }
    }
  }

  /// Waits until what was said is written, or until it is clear that nobody reads it.
  package func finish() {
    let end = Deadline.now.advanced(by: Self.closingTimeout)
    while state.withLock({ $0.waiting }) > 0, Deadline.now < end { Thread.pause(milliseconds: 5) }
  }

  /// How many of its kind had no line since the last that had one, or nil if this one has none either.
  private static func admit(_ kind: Kind, _ state: inout State, _ now: Deadline) -> Int? {
    if let last = state.lastByKind[kind], now < last.at.advanced(by: repetitionInterval) {
      state.lastByKind[kind]?.suppressed += 1
      return nil
    }
    if state.lastByKind.count >= kinds { state.lastByKind.removeAll() }
    let suppressed = state.lastByKind[kind]?.suppressed ?? 0
    state.lastByKind[kind] = (now, 0)
    return suppressed
  }

  private static func line(_ text: String, _ facts: [(name: String, value: String)]) -> String {
    facts.reduce(text) { line, fact in
      let value = fact.value
      let isPlain = !value.isEmpty && value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
      return line + " \(fact.name)=" + (isPlain ? value : "\"\(value.replacing("\"", with: "'"))\"")
    }.shown(keepingLayout: false)
  }
}

private struct OperatorLogHandler: LogHandler {
  let log: OperatorLog
  let label: String
  var logLevel: Logger.Level
  let thins: Bool
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }
    log.log(
      event.level, label, event.message.description,
      facts: facts.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }, thins: thins)
  }
}
