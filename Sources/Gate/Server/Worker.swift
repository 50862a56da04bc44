// One core's share of the work: a loop, a listener, and the tasks of its connections.

internal import Consul
internal import Logging
internal import Policy
internal import Record
internal import Sockets
internal import TLS

/// Lives on its loop: the actor's executor is the loop, and so is every task's preference, so nothing hops.
actor Worker {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  private let listener: Listener
  private let state: WorkerState
  private let housekeeping: Waiter

  init(loop: EventLoop, listener: sending Listener, state: sending WorkerState) {
    self.loop = loop
    self.listener = listener
    self.state = state
    housekeeping = Waiter(on: loop)
  }

  /// Accepts and serves until a drain has ended, then ends the loop.
  func serve() async {
    loop.onIterationEnd = { [ledger = state.ledger] in ledger.submit() }
    await withDiscardingTaskGroup { group in
      group.addTask(executorPreference: loop) { await self.keepHouse() }
      group.addTask(executorPreference: loop) { await self.hibernateIdle() }
      group.addTask(executorPreference: loop) { await self.acceptAll() }
      await runAll(in: &group)
    }
    state.submitCounts()
    loop.onIterationEnd = nil
    loop.stop()
  }

  /// No new connections; the running ones end as `WorkerState.drain` says, at the latest after the drain's time.
  func drain() async {
    guard !state.isDraining else { return }
    state.drain()
    listener.close()
    housekeeping.wake(.interrupted)
    await loop.sleep(until: loop.now.advanced(by: state.limits.drainTimeout))
    state.abandonRemaining()
    await loop.sleep(until: loop.now.advanced(by: GateLimits.goodbyeTimeout))
    state.cutRemaining()
  }

  /// Requests that arrive from now on are judged by `policies`, connections made from now on use the rest. One that
  /// is under way keeps what it started with; see `Exchange` for the one exception.
  func adopt(_ settings: Settings, _ policies: PoliciesInForce, tickets: TicketKeys) async {
    state.policies = policies
    do throws(TLSError) {
      state.tls = try ServerContext(settings.tls, ticketKeys: tickets, succeeding: state.tls)
      try state.upstream.adopt(settings.upstream)
    } catch {
      // Loading has proven the files good: only memory can be missing here, and the old ones still serve.
      state.logger.error("certificates were not replaced", metadata: ["reason": "\(error)"])
    }
    guard state.reproveConnections() else { return }
    await loop.sleep(until: loop.now.advanced(by: GateLimits.condemnedTime))
    state.cutCondemned()
  }

  private func acceptAll() async {
    defer { state.endArrivals() }
    while !state.isDraining {
      // The place comes before the accept: what cannot be served stays in the kernel's queue.
      await state.waitForPlace()
      if state.isDraining { return }
      do throws(SocketError) {
        let arrival = try await listener.accept()
        let peer = arrival.peer
        guard let place = await state.place(for: peer) else { continue }
        state.admit(Connection(try arrival.stream(on: loop), peer: peer, place: place, state: state))
      } catch {
        if error.reason == .interrupted { return }
        // Out of descriptors or memory: the connection stays in the queue, and asking again at once would spin.
        state.noteFailedAccept(error)
        await loop.sleep(until: loop.now.advanced(by: GateLimits.acceptPause))
      }
    }
  }

  /// Gives a task to each connection that needs one, for as long as it needs it.
  private func runAll(in group: inout DiscardingTaskGroup) async {
    while true {
      let awake = await state.nextAwake()
      if awake.isEmpty { return }
      for connection in awake {
        let id = ObjectIdentifier(connection)
        group.addTask(executorPreference: loop) { await self.run(id) }
      }
    }
  }

  private func run(_ id: ObjectIdentifier) async {
    guard let connection = state.connection(id), await connection.run() == .closed else { return }
    state.leave(id)
  }

  private func hibernateIdle() async {
    while !state.isDraining { await state.hibernateIdle() }
  }

  private func keepHouse() async {
    while !state.isDraining {
      _ = await housekeeping.park(
        until: loop.now.advanced(by: GateLimits.housekeepingInterval), unless: { state.isDraining })
      state.upstream.reap()
      state.submitCounts()
      state.tidyConnections()
    }
  }
}
