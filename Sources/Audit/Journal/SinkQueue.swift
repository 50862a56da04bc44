// One sink of a journal: its queue, its thread, its log.
import Glibc

/// What submitters see of a sink. Lanes share nothing, so that a slow sink never slows another; each
/// numbers and chains the lines it gets by itself.
final class SinkQueue: Sendable {
  let settings: SinkSettings
  let name: String
  private let clock: ClockWatch?
  private let shared: Monitor<Waiting>

  private init(settings: SinkSettings, name: String, clock: ClockWatch?, shared: Monitor<Waiting>) {
    self.clock = clock
    self.settings = settings
    self.name = name
    self.shared = shared
  }

  deinit { beginClosing() }

  /// Opens the sink, which proves that it can be, and starts its thread.
  ///
  /// - Parameter isFirst: of the journal's sinks; one is enough to look after the clock.
  static func open(
    _ settings: SinkSettings, of journal: JournalSettings, isFirst: Bool = true
  ) throws(AuditError) -> SinkQueue {
    var waiting = Waiting()
    waiting.policyDigest = journal.policyDigest
    let shared = Monitor(waiting)
    let lane = SinkQueue(
      settings: settings, name: settings.destination.name, clock: isFirst ? ClockWatch() : nil, shared: shared
    )
    let kind = try settings.destination.kind()
    guard settings.guarantee != .durable || kind == .file else { throw .cannotBeDurable(sink: lane.name) }
    switch settings.destination {
    case .file(let path) where kind == .file:
      let sink = try FileSink.open(
        path, rotation: settings.rotation, access: settings.access,
        isDurable: settings.guarantee == .durable, key: journal.key?.publicKey)
      let tail = sink.tail
      for place in sink.placesOfGroup {
        journal.notify(JournalNotice(sink: lane.name, event: .writableByGroup(place)))
      }
      try lane.start(
        sink, at: tail.chain,
        beginning: Beginning(cause: .start, torn: tail.torn, found: tail.found), of: journal)
    case .file(let path):
      try lane.start(
        try StreamSink.open(path), at: .beginning, beginning: Beginning(cause: .start), of: journal)
    case .socket(let address):
      try lane.start(address, framing: nil, of: journal)
    case .syslog(let address, let header):
      try lane.start(address, framing: SyslogFraming(header, process: getpid()), of: journal)
    }
    return lane
  }

  /// A collector that is away does not keep the gate from starting: until it is there, nothing is kept.
  private func start(
    _ address: SocketAddress, framing: SyslogFraming?, of journal: JournalSettings
  ) throws(AuditError) {
    try start(
      SocketSink(address, framing: framing), at: .beginning, beginning: Beginning(cause: .start), of: journal)
  }

  private func start<Destination: Sink & ~Copyable>(
    _ sink: consuming Destination, at chain: Chain, beginning: Beginning, of journal: JournalSettings
  ) throws(AuditError) {
    let composer = BlockBuilder(
      chain: chain, beginning: beginning, identity: LogIdentity(gate: journal.gate.text, process: getpid()),
      key: journal.key)
    let name = name
    let notify = journal.notify
    if beginning.torn != nil { notify(JournalNotice(sink: name, event: .init(beginning))) }
    var anchors: [AnchorSchedule] = []
    for anchor in settings.anchors {
      let writer = try AnchorWriter(anchor.destination, settings.access, gate: journal.gate) {
        notify(JournalNotice(sink: name, event: $0))
      }
      anchors.append(AnchorSchedule(writer, seconds: anchor.seconds))
    }
    let scribe = SinkWriter(shared: shared, sink: sink, composer: composer, anchors: anchors, clock: clock) {
      notify(JournalNotice(sink: name, event: $0))
    }
    try JournalThread.start(name: "audit") { scribe.run() }
  }

  /// Queues a batch, or throws at once and then keeps nothing of it.
  func submit(
    _ batch: Batch, completion: (@Sendable (Result<Void, AuditError>) -> Void)?
  ) throws(AuditError) {
    let submission = Submission(batch: batch, completion: completion)
    try shared.withLock { waiting throws(AuditError) in try waiting.add(submission, limits: settings) }
    shared.wake()
  }

  func note(policyDigest: String) { shared.withLock { $0.policyDigest = policyDigest } }

  func reopen() {
    shared.withLock { $0.isReopening = true }
    shared.wake()
  }

  var counters: JournalCounters { shared.withLock { $0.counters } }
  var chain: Chain { shared.withLock { $0.chain } }
  var health: JournalHealth { shared.withLock { $0.health(at: .now()) } }

  func beginClosing() {
    shared.withLock { $0.isClosing = true }
    shared.wake()
  }

  /// Waits until everything is written and the file closed, or gives up at `deadline`; then what still
  /// waits fails with `closed`. Returns the lines that were lost and are not recorded as lost.
  func finishClosing(by deadline: MonotonicTime) -> Int {
    let lost: Int? = shared.wait(until: deadline) { $0.isFinished ? $0.unrecordedLines : nil }
    if let lost { return lost }
    let (left, writing) = shared.withLock { waiting in
      waiting.isAbandoned = true
      var left: [Submission] = []
      swap(&left, &waiting.submissions)
      waiting.completed(left[...], kept: false)
      return (left, waiting.counters.waiting)
    }
    shared.wake()
    for submission in left { submission.completion?(.failure(.closed)) }
    return left.reduce(writing) { $0 + $1.batch.lineCount }
  }
}

extension SinkSettings.Destination {
  func kind() throws(AuditError) -> LogFile.Kind {
    if case .file(let path) = self { return try LogFile.kind(of: path) }
    return .stream
  }

  /// As the operator wrote it.
  var name: String {
    switch self {
    case .file(let path): quoted(path)
    case .socket(let address): "\(address)"
    case .syslog(let address, _): "syslog \(address)"
    }
  }
}

extension JournalNotice.Event {
  init(_ beginning: Beginning) {
    self = .began(
      cause: beginning.cause.rawValue, tornBytes: beginning.torn?.bytes ?? 0, movedTo: beginning.movedTo)
  }
}
