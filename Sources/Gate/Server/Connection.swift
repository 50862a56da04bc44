// One client's connection: handshake, then exchange after exchange, then a goodbye that can be heard.

internal import Consul
internal import HTTP
internal import Logging
internal import Messages
internal import Sockets
internal import TLS

/// Confined to its worker's loop, and run by one task at a time; in a crowd an idle one has none, since a task keeps 5 kB.
final class Connection: Hibernator {
  private let state: WorkerState
  private let stream: Stream
  private let peer: Sockets.SocketAddress
  /// Held for as long as the connection lives.
  private let place: AdmittedClient
  private var client: ConnectionContext?
  /// What a rest leaves.
  private var suspended: SuspendedSession?
  private var facts: ClientAttributes?
  private var phase = ConnectionPhase.handshake
  /// It ends, as soon as what was begun has its answer.
  private(set) var isCondemned = false
  /// When it ends unless something is asked.
  private var idleEnd = Deadline.never
  private var unbroken = UnbrokenRequests()

  init(_ stream: Stream, peer: Sockets.SocketAddress, place: AdmittedClient, state: WorkerState) {
    self.stream = stream
    self.peer = peer
    self.place = place
    self.state = state
  }

  enum RunEnd {
    case closed
    /// It asks `WorkerState.wake` for another run.
    case hibernating
  }

  func run() async -> RunEnd {
    guard let client = await meet() else {
      stream.close()
      return .closed
    }
    // Its handshake may have begun under the rules before these.
    reprove()
    // Resting is no pause in being idle.
    if !phase.isQuiescing { idleEnd = state.loop.now.advanced(by: state.limits.idleTimeout) }
    while true {
      switch await serveNext(client) {
      case .goOn:
        if unbroken.isOthersTurn(at: state.loop.now) { await state.loop.sleep(until: state.loop.now) }
      case .rest: if hibernate(client) { return .hibernating }
      case .end:
        await sayGoodbye(to: client)
        client.waiter.retire()
        stream.close()
        return .closed
      }
    }
  }

  /// A drain has begun. What is idle ends at once, what waits for Consul is answered, what runs finishes.
  func drain() {
    switch phase {
    case .handshake, .idle, .quiescing, .dropping: stream.interrupt()
    case .hibernating: wakeUp()
    case .exchange: if let asking = client?.asking, asking.isBlocking { asking.stream.abandon() }
    }
  }

  /// Other rules for clients are in force. What is waited for on behalf of one who may not stay is given up. If its
  /// certificate is revoked the connection ends, else with its next answer, which says why.
  func reprove() {
    guard let fault = (client?.facts ?? facts)?.proofFault(by: state.tls.clientRules) else { return }
    // Of a change the caller learns what became of it.
    if let asking = client?.asking, !asking.isChange { asking.stream.abandon() }
    guard fault.endsConnections else { return }
    isCondemned = true
    client?.isCondemned = true
    if case .hibernating = phase { wakeUp() } else { stream.interruptReader() }
  }

  /// It has had its time. The answer to a change under way is still to come, and the connection ends with it.
  func cutIfCondemned() {
    guard isCondemned, client?.asking?.isChange != true else { return }
    cut()
  }

  /// The drain's time is up: what Consul is being asked is given up, and so is a body that is still to come, and the client
  /// told so. All others have had their time, but for those whose answer is on its way.
  func abandonExchange() {
    client?.asking?.stream.abandon()
    guard case .exchange = phase else { return stream.close() }
    if client?.reader.hasUnreadBody == true { stream.interruptReader() }
  }

  /// Anyone who has not read that by now does not.
  func cut() {
    client?.asking?.stream.abandon()
    stream.close()
  }

  private func meet() async -> ConnectionContext? {
    guard let channel = suspended == nil ? await secure() : continued() else { return nil }
    let isNew = facts == nil
    let facts = facts ?? ClientAttributes(peer: peer, channel: channel, agreements: &state.agreements)
    if isNew, facts.hasTooManyNames { state.noteTooManyNames(of: peer) }
    client = ConnectionContext(facts, channel: channel, limits: state.limits.request)
    return client
  }

  private func continued() -> Channel? {
    guard let session = suspended.take() else { return nil }
    // Only memory can be missing here.
    return try? Channel(stream, waking: session)
  }

  private func secure() async -> Channel? {
    var begun: Channel?
    do throws(ChannelError) {
      let channel = try Channel(stream, accepting: state.tls)
      begun = channel
      try await channel.handshake(by: state.loop.now.advanced(by: state.limits.httpsHandshakeTimeout))
      return channel
    } catch {
      noteFailedHandshake(error, hasBegun: begun?.hasHeardPeer ?? true)
      guard case .tls(.peer(.client, .plaintextHTTP)) = error else { return nil }
      phase = .dropping
      await PlainHTTPResponse.send(on: stream, of: state)
      return nil
    }
  }

  // Not inlined: what it needs would stand in a frame for as long as a handshake takes.
  @inline(never)
  private func noteFailedHandshake(_ error: ChannelError, hasBegun: Bool) {
    state.logger.debug("handshake failed", metadata: ["peer": "\(peer)", "reason": "\(error)"])
    // One that a drain ended was not the client's failure.
    if state.isDraining, case .socket(let failure) = error, failure.reason == .interrupted { return }
    // Health checks of balancers connect and say nothing, every second.
    guard hasBegun else { return state.counters.countSilentConnection() }
    state.note(failedHandshakeOf: peer, "\(error)")
  }

  private enum Next {
    case goOn, rest, end
  }

  /// Reads and answers one request.
  @inline(__always)
  private func serveNext(_ client: ConnectionContext) async -> Next {
    if isCondemned {
      _ = await settle(client)
      return .end
    }
    if state.isDraining {
      // Nothing is waited for any more. But what was asked before is answered, whether its event has come or not.
      stream.recheckReadable()
      idleEnd = state.loop.now
    }
    phase = .idle
    if state.isCrowded {
      if client.pending == nil { client.channel.releaseBuffers() }
      state.noteIdle(self)
    }
    let pause = client.pending?.deadline ?? .never
    let head: RequestHead?
    do throws(MessageError) {
      head = try await client.reader.head(
        idle: idleEnd, completion: state.limits.requestTimeout, pause: pause)
    } catch {
      return await goOn(client, after: error, pause: pause)
    }
    phase = .exchange
    guard await settle(client), let head = consume head else { return .end }
    let exchange = Exchange(with: client, of: state, head: head)
    await exchange.run(consume head)
    if client.reader.hasUnreadBody { return await dropBody(client) }
    idleEnd = state.loop.now.advanced(by: state.limits.idleTimeout)
    // While the record is on its way, the next request may come.
    if let pending = client.pending, !pending.mayBeFollowed || state.isDraining {
      return await settle(client) ? .goOn : .end
    }
    return .goOn
  }

  /// What to do without a head. The answer before leaves in any case, as far as it can.
  private func goOn(_ client: ConnectionContext, after error: MessageError, pause: Deadline) async -> Next {
    let (isQuiescing, isPending) = (phase.isQuiescing, client.pending != nil)
    phase = .exchange
    guard await settle(client) else { return .end }
    // It was not idle while it waited for us.
    if isPending { idleEnd = state.loop.now.advanced(by: state.limits.idleTimeout) }
    // Called for that answer, or because its record is late: what has come of the next request is kept.
    if isPending, case .interrupted = error { return .goOn }
    if case .slow = error, pause <= state.loop.now { return .goOn }
    guard client.reader.isUnderWay else {
      if isPending, case .slow = error { return .goOn }
      // Let rest, or by a drain.
      if case .interrupted = error { return isQuiescing ? .rest : .goOn }
      // Nothing was asked: the client left, or was idle for too long.
      return .end
    }
    Exchange(with: client, of: state, head: nil).refuse(.request(error))
    _ = await settle(client)
    return .end
  }

  /// Lets the pending response leave. False if nothing can follow it.
  @inline(__always)
  private func settle(_ client: ConnectionContext) async -> Bool {
    guard let pending = client.pending else { return true }
    return await pending.finish()
  }

  /// The request was answered by its head. What follows it is read only to find the next one.
  private func dropBody(_ client: ConnectionContext) async -> Next {
    guard await settle(client) else { return .end }
    phase = .dropping
    let isDropped: Bool
    do throws(MessageError) {
      isDropped = try await client.reader.discardBody(
        atMost: MessageLimits.discardedBodyBytes, by: state.loop.now.advanced(by: state.limits.requestTimeout)
      )
    } catch {
      isDropped = false
    }
    idleEnd = state.loop.now.advanced(by: state.limits.idleTimeout)
    return isDropped ? .goOn : .end
  }

  // MARK: Resting

  /// Ends the task of an idle connection. False if something came meanwhile, or a drain has begun.
  private func hibernate(_ client: ConnectionContext) -> Bool {
    guard !state.isDraining, !isCondemned, stream.beginHibernation(of: self) else { return false }
    guard let session = client.channel.suspend() else {
      stream.endHibernation()
      return false
    }
    client.waiter.retire()
    suspended = consume session
    // All else is read again from the session and the address.
    facts = client.facts.isCertified ? client.facts : nil
    self.client = nil
    phase = .hibernating
    return true
  }

  /// There is something to read, or to do.
  func wakeUp() {
    guard case .hibernating = phase else { return }
    phase = .quiescing
    stream.endHibernation()
    state.wake(self)
  }

  /// Called in a crowd, a while after it became idle: if it still is, its task ends. The end of its time is a task's work
  /// again, and to the point, so one that is near to it does not rest.
  func quiesceIfIdle() {
    let left = state.loop.now.distance(to: idleEnd)
    guard phase.isIdle, let client, client.pending == nil, !client.reader.isUnderWay,
      left > Self.hibernationMargin,
      left + GateLimits.hibernationDelay.wholeNanoseconds <= state.limits.idleTimeout.wholeNanoseconds
    else { return }
    phase = .quiescing
    stream.interrupt()
  }

  /// Called now and then: an idle connection gives back what it can do without.
  func tidy() {
    switch phase {
    case .idle, .quiescing:
      client?.channel.releaseBuffers()
      client?.releaseMemory()
    case .hibernating: if state.loop.now.distance(to: idleEnd) <= Self.hibernationMargin { wakeUp() }
    case .handshake, .exchange, .dropping: break
    }
  }

  /// `tidy` is called so often that it sees each connection during the last of this time.
  private static let hibernationMargin = 2 * GateLimits.housekeepingInterval.wholeNanoseconds

  private func sayGoodbye(to client: ConnectionContext) async {
    stream.clearInterrupt()
    let isMidMessage = client.reader.isMidMessage
    // A client that has left after whole messages has nothing to wait for.
    guard stream.isOpen, isMidMessage || !stream.isHungUp else { return }
    phase = .dropping
    client.channel.finishWriting()
    client.channel.input.removeAll()
    client.channel.releaseBuffers()
    client.releaseMemory()
    var linger = Linger(
      state.loop, limits: state.limits, isMidMessage: isMidMessage, isDraining: state.isDraining)
    await linger.run(on: stream)
  }
}
