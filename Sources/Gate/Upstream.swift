// Asking Consul: only for a permit, only with the intent on record.

internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Sockets
internal import TLS

/// What Consul said to one request.
struct UpstreamReply {
  let status: StatusCode
  let body: [UInt8]
  let relayed: RelayedFields

  /// `last` is from the reply before on the same connection.
  init(head: ResponseHead, body: [UInt8], last: RelayedFields? = nil) {
    status = head.status
    self.body = body
    relayed = if let last, last.fields === head.fields { last } else { RelayedFields(head.fields) }
  }
}

/// One worker's way to Consul.
final class Upstream {
  /// What may still be asked. A stop ends waiting first, and everything when the drain's time is up.
  enum Openness {
    case open, draining, closed
  }

  /// Whose token Consul sees, among others; may change while the gate runs.
  private(set) var settings: UpstreamSettings
  private let pool: UpstreamPool
  private let budget: UpstreamBudget
  private let limits: GateLimits
  private let loop: EventLoop
  var openness = Openness.open
  /// Requests of subjects that have their whole share, in the order of their coming; no line is empty.
  private var waitingForShare: [ObjectIdentifier: TurnQueue] = [:]

  init(
    settings: UpstreamSettings, pool: UpstreamPool, budget: UpstreamBudget, limits: GateLimits,
    loop: EventLoop
  ) {
    self.settings = settings
    self.pool = pool
    self.budget = budget
    self.limits = limits
    self.loop = loop
  }

  /// Sends what was permitted and reads the whole reply. The permit and the proof are spent: one request each.
  ///
  /// A GET is sent once more if a pooled connection turns out to be dead; a change never, since Consul may have
  /// made it. `compose` is called each time it is sent. `hasRoom` is asked about every length that the reply's body
  /// reaches. While Consul is being asked, `client.asking` says so, so that a drain can end it.
  func ask(
    _ permit: consuming Permit, intent: consuming IntentProof,
    as compose: (PeeringRequest) -> UpstreamRequest,
    for client: Client, within subject: SubjectUsage, hasRoom: (Int) -> Bool
  ) async throws(Failure) -> UpstreamReply {
    _ = consume intent
    let asked = permit.request
    _ = consume permit
    let isBlocking = asked.blockingTime != nil
    if isBlocking {
      guard subject.tryAcquire(.blockingQueries) else { throw .tooMany(.blockingQueries, of: subject) }
      guard budget.takeBlocking() else {
        subject.release(.blockingQueries)
        throw .busy
      }
    }
    defer {
      if isBlocking {
        budget.giveBlocking()
        subject.release(.blockingQueries)
      }
    }
    try await acquireShare(of: subject, in: client.place)
    defer { releaseShare(of: subject) }
    let isChange = asked.operation.isChange
    if isChange, !budget.takeChange() { try await waitForChange(in: client.place) }
    defer { if isChange { budget.giveChange() } }
    let repeatable = asked.operation.access == .read
    var demand: UpstreamPool.Demand = repeatable ? .any : .alive
    while true {
      let connection = try await pool.take(demand, of: subject, waitingIn: client.place)
      do throws(Attempt) {
        return try await converse(asked, as: compose, on: connection, for: client, hasRoom: hasRoom)
      } catch {
        guard repeatable, error.neverBegun, connection.isReused else { throw error.failure }
        demand = .fresh
      }
    }
  }

  @inline(__always)
  private func acquireShare(of subject: SubjectUsage, in place: Parking) async throws(Failure) {
    let isFirst = waitingForShare.isEmpty || waitingForShare[ObjectIdentifier(subject)] == nil
    if isFirst, subject.tryAcquire(.upstreamRequests) { return }
    try await waitForShare(of: subject, in: place)
  }

  private func releaseShare(of subject: SubjectUsage) {
    subject.release(.upstreamRequests)
    if !waitingForShare.isEmpty { waitingForShare[ObjectIdentifier(subject)]?.first?.wake(.ready) }
  }

  /// Others of the subject must end first: those of this worker wake who stands first, and it looks now and then whether
  /// those of other workers have ended.
  @inline(never)
  private func waitForShare(of subject: SubjectUsage, in place: Parking) async throws(Failure) {
    guard subject.tryAcquire(.queuedRequests) else { throw .tooMany(.queuedRequests, of: subject) }
    let line = ObjectIdentifier(subject)
    waitingForShare[line, default: TurnQueue()].join(place, as: line)
    defer {
      subject.release(.queuedRequests)
      waitingForShare[line]?.leave(place, as: line)
      if let next = waitingForShare[line]?.first { next.wake(.ready) } else { waitingForShare[line] = nil }
    }
    let end = loop.now.advanced(by: limits.upstreamQueueTimeout)
    while loop.now < end {
      let isFirst = waitingForShare[line]?.first === place
      let pause = isFirst ? min(end, loop.now.advanced(by: GateLimits.budgetPause)) : end
      _ = await place.park(until: pause, unless: { !isFirst && waitingForShare[line]?.first === place })
      if waitingForShare[line]?.first === place, subject.tryAcquire(.upstreamRequests) { return }
    }
    throw .tooMany(.upstreamRequests, of: subject)
  }

  /// What is left is for reads.
  @inline(never)
  private func waitForChange(in place: Parking) async throws(Failure) {
    let end = loop.now.advanced(by: limits.upstreamQueueTimeout)
    while loop.now < end {
      _ = await place.park(
        until: min(end, loop.now.advanced(by: GateLimits.budgetPause)), unless: { false })
      if budget.takeChange() { return }
    }
    throw .busy
  }

  /// Takes over a new token, certificate or authority for what is asked from now on. If the place is another, nothing
  /// is taken over before the next start: keys, names and tokens are meant for one place.
  func adopt(_ settings: UpstreamSettings) throws(TLSError) {
    guard settings.endpoint == self.settings.endpoint else { return }
    try pool.adopt(settings.tls)
    self.settings = settings
  }

  func reap() { pool.reap() }

  private struct Attempt: Error {
    let failure: Failure
    /// Nothing of a reply was seen, and the connection is closed.
    let neverBegun: Bool
  }

  // Not inlined: its frame would be the caller's for as long as that one lives.
  @inline(never)
  private func converse(
    _ asked: PeeringRequest, as compose: (PeeringRequest) -> UpstreamRequest,
    on connection: UpstreamConnection, for client: Client, hasRoom: (Int) -> Bool
  ) async throws(Attempt) -> UpstreamReply {
    let channel = connection.channel
    let reader = connection.reader
    reader.expect(replyTo: asked.method)
    // Only reads are given up when the client leaves: of a change the record must say what came of it.
    let isWatched = asked.operation.access == .read
    guard mayAsk(asked), !client.isCondemned else {
      pool.giveBack(connection, reusable: true)
      throw Attempt(failure: .draining, neverBegun: false)
    }
    if isWatched, !client.channel.stream.beginWatch(abandoning: channel.stream.readingPlace) {
      pool.giveBack(connection, reusable: true)
      throw Attempt(failure: .clientLeft, neverBegun: false)
    }
    defer { if isWatched { client.channel.stream.endWatch() } }
    let isBlocking = asked.blockingTime != nil
    client.asking = (channel.stream, isBlocking: isBlocking, isChange: asked.operation.isChange)
    defer { client.asking = nil }
    do throws(MessageError) {
      channel.output.append(compose(asked).bytes)
      try await channel.flush(by: loop.now.advanced(by: limits.upstreamPauseTimeout), during: .head)
      if isBlocking { connection.releaseMemory() }
      let head = try await reader.head(by: headDeadline(of: asked))
      let body = try await reader.body(of: head, pause: limits.upstreamPauseTimeout, hasRoom: hasRoom)
      let reply = UpstreamReply(head: head, body: body, last: connection.lastRelayed)
      connection.lastRelayed = reply.relayed
      pool.giveBack(connection, reusable: head.isPersistent)
      return reply
    } catch {
      let hasBegun = reader.hasBegun
      pool.giveBack(connection, reusable: false)
      // A change that was interrupted may have been made: the record must not say that it was refused.
      if case .interrupted = error, isWatched {
        throw Attempt(failure: client.channel.stream.isHungUp ? .clientLeft : .draining, neverBegun: false)
      }
      throw Attempt(failure: .reply(error), neverBegun: error.isEndOfConnection && !hasBegun)
    }
  }

  /// Whoever came to his connection after the stop was asked for must not begin what nobody would end.
  private func mayAsk(_ asked: PeeringRequest) -> Bool {
    switch openness {
    case .open: true
    case .draining: asked.blockingTime == nil
    case .closed: false
    }
  }

  /// A blocking query may take as long as it asked for, capped as Consul caps it, and Consul's jitter on top.
  private func headDeadline(of asked: PeeringRequest) -> Deadline {
    guard let wait = asked.blockingTime else {
      return loop.now.advanced(by: limits.upstreamHeadTimeout)
    }
    return loop.now.advanced(by: wait + limits.blockingSlack)
  }
}
