// Connections to Consul: made, kept while idle, counted, given back.

internal import Audit
internal import HTTP
internal import Messages
package import Sockets
package import TLS

/// One connection to Consul and the place it takes in the budget.
final class UpstreamConnection {
  let channel: Channel
  let reader: ResponseReader
  /// Of the last reply on it.
  var lastRelayed: RelayedFields?
  /// For the record: who is at the other end.
  let recorded: Entry.Upstream
  /// It has carried an exchange before: it may have died since, without anybody noticing.
  fileprivate(set) var isReused = false
  fileprivate var idleSince = Deadline.never
  /// By whom Consul was verified, who lives as long as the channel, and when what it showed ends; nil without TLS.
  private let verification: (by: ObjectIdentifier, until: Int)?

  fileprivate init(
    _ channel: Channel, to recorded: Entry.Upstream, by context: ClientContext?, limits: HTTPLimits
  ) {
    self.channel = channel
    self.recorded = recorded
    verification = context.map { (ObjectIdentifier($0), channel.proofEnd ?? 0) }
    reader = ResponseReader(channel, limits: limits)
  }

  /// Whether Consul would be let in again by what it showed: an authority may have changed since, or a certificate ended.
  fileprivate func isProven(by context: ClientContext?) -> Bool {
    guard let verification, let context else { return verification == nil && context == nil }
    return verification.by == ObjectIdentifier(context) && WallClock.seconds < verification.until
  }

  /// Gives back what it keeps for the next reply of a busy connection: for one that will be quiet for a while.
  func releaseMemory() {
    channel.releaseBuffers()
    reader.releaseMemory()
    lastRelayed = nil
  }
}

/// Confined to one loop.
package final class UpstreamPool {
  private let settings: UpstreamSettings
  private let limits: UpstreamLimits
  private let budget: UpstreamBudget
  private let loop: EventLoop
  private var tls: ClientContext?
  private var idle: [UpstreamConnection] = []
  /// Who waits for a connection, in the order of their coming.
  private var queue = WaitQueue()
  private var nextYield = Deadline(nanoseconds: 0)
  private let addresses: ResolverCache

  package init(settings: UpstreamSettings, limits: UpstreamLimits, budget: UpstreamBudget, loop: EventLoop)
    throws(TLSError)
  {
    self.settings = settings
    self.limits = limits
    self.budget = budget
    self.loop = loop
    addresses = ResolverCache(settings.endpoint, lifetime: UpstreamLimits.addressLifetime, on: loop)
    tls = nil
    try adopt(settings.tls)
    let pool = LoopBound(Weak(self), on: loop)
    budget.register { pool.perform { $0.pool?.evictIdle() } }
  }

  /// New certificates or authorities hold for connections made from now on.
  func adopt(_ tls: ClientSettings?) throws(TLSError) {
    if let tls { self.tls = try ClientContext(tls) } else { self.tls = nil }
    for connection in idle { close(connection) }
    idle.removeAll()
  }

  /// The budget must not keep a pool alive whose worker has ended.
  private final class Weak {
    weak var pool: UpstreamPool?
    init(_ pool: UpstreamPool) { self.pool = pool }
  }

  /// Which connections will do.
  enum Freshness {
    /// An idle connection that looks quiet, or a new one. Who uses it asks the kernel once more.
    case any
    /// A new one: an idle one has turned out to be dead.
    case fresh
  }

  /// `waiter` is where the caller waits for its turn, and nobody else.
  @inline(__always)
  func acquire(
    _ freshness: Freshness, of subject: SubjectUsage, waitingIn waiter: Waiter
  ) async throws(UpstreamFailure) -> UpstreamConnection {
    if queue.isEmpty, let idle = acquireIdle(freshness) { return idle }
    return try await wait(for: freshness, of: subject, in: waiter)
  }

  // Not inlined: its frame would be the caller's for as long as that one lives.
  @inline(never)
  private func wait(
    for freshness: Freshness, of subject: SubjectUsage, in waiter: Waiter
  ) async throws(UpstreamFailure) -> UpstreamConnection {
    var finding = queue.isEmpty ? find(freshness) : nil
    if finding == nil { finding = try await queueUp(for: freshness, of: subject, in: waiter) }
    if case .connection(let connection) = finding { return connection }
    do throws(UpstreamFailure) {
      return try await connect()
    } catch {
      budget.releaseConnection()
      throw error
    }
  }

  /// The exchange is over. `reusable`: the reply was read whole and both sides want to go on.
  func release(_ connection: UpstreamConnection, reusable: Bool) {
    guard reusable, connection.isProven(by: tls), !connection.channel.stream.isAbandoned,
      connection.channel.isQuiet()
    else {
      close(connection)
      queue.first?.wake(.ready)
      return
    }
    guard !shouldYield() else { return close(connection) }
    connection.isReused = true
    connection.idleSince = loop.now
    idle.append(connection)
    queue.first?.wake(.ready)
  }

  /// Whether other workers need the place of a connection that has become free here. While our own requests wait
  /// too, that is at most one in each pause: a new connection costs most when there is least to spare.
  private func shouldYield() -> Bool {
    guard budget.isContended(besides: queue.count) else { return false }
    guard queue.isEmpty || loop.now >= nextYield else { return false }
    nextYield = loop.now.advanced(by: UpstreamLimits.budgetPause)
    return true
  }

  /// Closes what has been idle for too long, or died meanwhile. Called now and then by the worker.
  func reap() {
    idle.removeAll { connection in
      let age = connection.idleSince.distance(to: loop.now)
      guard age > limits.idleTimeout.wholeNanoseconds || !connection.channel.isQuiet() else {
        connection.releaseMemory()
        return false
      }
      close(connection)
      return true
    }
  }

  /// The most recently used first: the others grow old and are reaped when fewer are needed.
  private func acquireIdle(_ freshness: Freshness) -> UpstreamConnection? {
    guard freshness != .fresh else { return nil }
    while let connection = idle.popLast() {
      if connection.isProven(by: tls), connection.channel.isQuiet() { return connection }
      close(connection)
    }
    return nil
  }

  private enum Finding {
    case connection(UpstreamConnection)
    /// A place in the budget is taken; a connection is to be made.
    case place
  }

  private func find(_ freshness: Freshness) -> Finding? {
    if let connection = acquireIdle(freshness) { return .connection(connection) }
    if budget.acquireConnection() { return .place }
    // Our own idle ones are places too.
    guard freshness == .fresh, let spare = idle.popLast() else { return nil }
    close(spare)
    return budget.acquireConnection() ? .place : nil
  }

  /// Subjects take turns; see `WaitQueue`. Only who stands first looks for a place now and then, since another worker may have
  /// freed it; all others sleep until it is their turn.
  private func queueUp(
    for freshness: Freshness, of subject: SubjectUsage, in turn: Waiter
  ) async throws(UpstreamFailure) -> Finding {
    guard subject.tryAcquire(.queuedRequests) else {
      throw .tooMany(.queuedRequests, count: subject.count(of: .queuedRequests))
    }
    let end = loop.now.advanced(by: limits.queueTimeout)
    let line = ObjectIdentifier(subject)
    queue.join(turn, as: line)
    budget.beginQueueing()
    defer {
      queue.leave(turn, as: line)
      subject.release(.queuedRequests)
      budget.endQueueing()
      queue.first?.wake(.ready)
    }
    repeat {
      var pause = end
      let isFirst = queue.first === turn
      if isFirst {
        budget.askForIdle()
        pause = min(end, loop.now.advanced(by: UpstreamLimits.budgetPause))
      }
      _ = await turn.park(until: pause, unless: { queue.first === turn && (!isFirst || !idle.isEmpty) })
      if queue.first === turn, let finding = find(freshness) { return finding }
    } while loop.now < end
    throw .busy
  }

  /// Somebody on another worker waits.
  private func evictIdle() {
    guard queue.isEmpty else { return }
    for _ in 0..<min(idle.count, budget.queueLength) { close(idle.removeFirst()) }
  }

  private func close(_ connection: UpstreamConnection) {
    connection.channel.finishWriting()
    connection.channel.close()
    budget.releaseConnection()
  }

  // Not inlined: its frame would be the caller's for as long as that one lives.
  @inline(never)
  private func connect() async throws(UpstreamFailure) -> UpstreamConnection {
    let deadline = loop.now.advanced(by: limits.connectTimeout)
    let (stream, recorded) = try await dial(by: deadline)
    guard let tls else {
      return UpstreamConnection(Channel(plain: stream), to: recorded, by: nil, limits: limits.reply)
    }
    do throws(ChannelError) {
      let channel = try Channel(stream, connecting: tls)
      try await channel.handshake(by: deadline)
      return UpstreamConnection(channel, to: recorded, by: tls, limits: limits.reply)
    } catch {
      throw .unreachable(error)
    }
  }

  private func dial(by deadline: Deadline) async throws(UpstreamFailure) -> (Stream, Entry.Upstream) {
    do throws(SocketError) {
      let (stream, address) = try await Stream.connect(
        toOneOf: addresses.addresses(by: deadline), on: loop, by: deadline)
      return (stream, Entry.Upstream(address: "\(address)"))
    } catch {
      // Consul may have moved.
      addresses.doubt()
      throw .unreachable(.socket(error))
    }
  }
}
