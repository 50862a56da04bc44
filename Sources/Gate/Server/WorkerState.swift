// Everything one worker owns. Nothing of it is shared with another.

internal import Audit
internal import Consul
internal import Digests
internal import HTTP
internal import Logging
internal import Policy
internal import Record
internal import Sockets
internal import TLS

/// Confined to the worker's loop; its connections hold it.
final class WorkerState {
  let loop: EventLoop
  let limits: GateLimits
  let recording: AuditOptions
  let ledger: Ledger
  let upstream: Upstream
  let content: ContentBudget
  let shares: SubjectShares
  let upstreamHealth: UpstreamHealth
  let observer: DecisionObserver?
  let logger: Logger
  /// The snapshot that requests are judged by from now on; one that is under way keeps its own.
  var policies: PoliciesInForce
  let counters: GateCounters
  let digester: TextDigester
  var tls: ServerContext { didSet { clientRulesEdition = tls.edition } }
  /// Of the rules that `tls` holds, for each request to look at.
  private(set) var clientRulesEdition: Int
  private var handshakeFailures = HandshakeFailures()
  /// For the secrets of callers.
  var hash = SHA256()
  var agreements = TLSAgreements()
  private var identifierSource = IdentifierSource()
  private var dateField = DateField()
  private(set) var isDraining = false
  private var connections: [ObjectIdentifier: Connection] = [:]
  /// Where the acceptor waits while all places are taken.
  private let admissionWaiter: Waiter
  private let admission: ClientAdmission
  private var acceptFailures = RepeatedWarning()
  private var refusals = RepeatedWarning()
  private var overfullCertificates = RepeatedWarning()
  /// Connections that need a task, and where they are waited for.
  private var awake: [Connection] = []
  private let taskWaiter: Waiter
  private var hasArrivalsEnded = false
  /// Connections that were idle a moment ago: since the last look at them, and before.
  private var idle: [ObjectIdentifier] = []
  private var idleForLonger: [ObjectIdentifier] = []
  private let idleWaiter: Waiter

  init(
    loop: EventLoop, limits: GateLimits, recording: AuditOptions, admission: ClientAdmission, ledger: Ledger,
    upstream: Upstream, content: ContentBudget, shares: SubjectShares, upstreamHealth: UpstreamHealth,
    policies: PoliciesInForce,
    counters: GateCounters, tls: ServerContext, tokenDigestKey: TokenDigestKey, observer: DecisionObserver?,
    logger: Logger
  ) {
    self.loop = loop
    self.limits = limits
    self.recording = recording
    self.admission = admission
    self.ledger = ledger
    self.upstream = upstream
    self.content = content
    self.shares = shares
    self.upstreamHealth = upstreamHealth
    self.policies = policies
    self.counters = counters
    self.tls = tls
    clientRulesEdition = tls.edition
    digester = TextDigester(tokenDigestKey)
    self.observer = observer
    self.logger = logger
    admissionWaiter = Waiter(on: loop)
    taskWaiter = Waiter(on: loop)
    idleWaiter = Waiter(on: loop)
  }

  /// A name for a request that brought none.
  func nextIdentifier() -> FieldValue {
    // Without randomness TLS would have failed long before; the record needs some name all the same.
    var text: [UInt8] = []
    try? identifierSource.appendNext(to: &text)
    return (text.isEmpty ? nil : FieldValue(text)) ?? FieldValue(loop.now.nanoseconds)
  }

  /// Now, as a reply's `Date` says it.
  var date: FieldValue { dateField.value(at: WallClock.seconds) }

  /// Puts a failed handshake on record, or on the count of those that a flood keeps from it.
  func note(failedHandshakeOf peer: Sockets.SocketAddress, _ reason: String) {
    counters.countFailedHandshake()
    if let event = handshakeFailures.event(of: "\(peer)", reason: reason, at: loop.now) {
      ledger.enqueue(event)
    }
  }

  /// What was counted and not recorded goes on record. Now and then, and before the worker ends.
  func submitCounts() {
    if let event = handshakeFailures.takeEvent() { ledger.enqueue(event) }
    ledger.submitCounts()
  }

  /// A connection has something to do, and no task yet.
  func wake(_ connection: Connection) {
    awake.append(connection)
    taskWaiter.wake(.ready)
  }

  /// Waits for connections that need a task. None any more: all that there will be have one.
  func nextAwake() async -> [Connection] {
    while awake.isEmpty, !hasArrivalsEnded {
      _ = await taskWaiter.park(until: .never, unless: { !awake.isEmpty || hasArrivalsEnded })
    }
    defer { awake.removeAll(keepingCapacity: true) }
    return awake
  }

  /// No connection is admitted any more; a drain, which has begun, has woken all that rested.
  func endArrivals() {
    hasArrivalsEnded = true
    taskWaiter.wake(.ready)
  }

  /// Returns when there is a place for one more connection, or a drain has begun.
  func waitForPlace() async {
    let admissionWaiter = LoopBound(admissionWaiter, on: loop)
    while !isDraining, admission.isFull(orElse: { admissionWaiter.perform { $0.wake(.ready) } }) {
      _ = await self.admissionWaiter.park(until: .never, unless: { isDraining })
    }
  }

  /// A place for a client of this address, or nil if it has as many as it may: then it is told nothing, since even a
  /// refusal would cost a handshake. Waits if another worker has taken the last one meanwhile.
  func place(for peer: Sockets.SocketAddress) async -> AdmittedClient? {
    while !isDraining {
      switch admission.admit(Address(peer)) {
      case .place(let place): return place
      case .full: await waitForPlace()
      case .addressIsFull:
        noteFullAddress(peer)
        return nil
      }
    }
    return nil
  }

  private func noteFullAddress(_ peer: Sockets.SocketAddress) {
    note(failedHandshakeOf: peer, "the address has \(admission.perAddress) connections already")
    guard let count = refusals.report(at: loop.now) else { return }
    logger.warning(
      "connections are refused: their address has as many as it may",
      metadata: [
        "peer": "\(peer.host)", "connections": "\(admission.perAddress)", "refused": "\(count)",
      ])
  }

  /// The caller is taken for anonymous, which is hard to understand from outside.
  func noteTooManyNames(of peer: Sockets.SocketAddress) {
    guard let count = overfullCertificates.report(at: loop.now) else { return }
    logger.warning(
      "a client certificate has more alternative names of a kind than are looked at, so no token is recognised by it",
      metadata: [
        "peer": "\(peer.host)", "limit": "\(TLSLimits.namesPerKind)", "connections": "\(count)",
      ])
  }

  func admit(_ connection: Connection) {
    connections[ObjectIdentifier(connection)] = connection
    wake(connection)
  }

  /// Out of descriptors or memory: once a second at most, with the number of attempts.
  func noteFailedAccept(_ error: SocketError) {
    guard let count = acceptFailures.report(at: loop.now) else { return }
    logger.warning("cannot accept", metadata: ["reason": "\(error)", "attempts": "\(count)"])
  }

  func connection(_ id: ObjectIdentifier) -> Connection? { connections[id] }

  func leave(_ id: ObjectIdentifier) {
    connections[id] = nil
  }

  /// Idle connections end now, waiting queries are answered, running exchanges end with their answer.
  func drain() {
    isDraining = true
    upstream.openness = .draining
    admissionWaiter.wake(.interrupted)
    idleWaiter.wake(.interrupted)
    for connection in connections.values { connection.drain() }
  }

  /// So many connections that most of them are idle, or should not keep what they need now and then.
  var isCrowded: Bool { connections.count > GateLimits.crowd }

  /// A connection has become idle, in a crowd.
  func noteIdle(_ connection: Connection) {
    if idle.isEmpty, idleForLonger.isEmpty { idleWaiter.wake(.ready) }
    idle.append(ObjectIdentifier(connection))
  }

  /// Lets connections rest that have been idle for a while. Returns when there may be others.
  func hibernateIdle() async {
    for id in idleForLonger { connections[id]?.quiesceIfIdle() }
    idleForLonger.removeAll(keepingCapacity: true)
    swap(&idle, &idleForLonger)
    let pause = idleForLonger.isEmpty ? .never : loop.now.advanced(by: GateLimits.hibernationDelay)
    _ = await idleWaiter.park(until: pause, unless: { isDraining || idleForLonger.isEmpty && !idle.isEmpty })
  }

  /// Idle connections give back what they can do without: called now and then, so that one in use keeps it between
  /// requests.
  func tidyConnections() {
    for connection in connections.values { connection.tidy() }
  }

  /// Other rules for clients may be in force: connections they would not let in end. False if there are none that have to
  /// end now.
  func reproveConnections() -> Bool {
    for connection in connections.values { connection.reprove() }
    return connections.values.contains(where: \.isCondemned)
  }

  func cutCondemned() {
    for connection in connections.values { connection.cutIfCondemned() }
  }

  /// The drain's time is up: Consul is asked nothing any more.
  func abandonRemaining() {
    upstream.openness = .closed
    for connection in connections.values { connection.abandonExchange() }
  }

  func cutRemaining() {
    for connection in connections.values { connection.cut() }
  }
}
