// One core's share of the work: a loop, a listener, and the tasks of its connections.

internal import Logging
internal import Policy
internal import Sockets
internal import TLS

/// Lives on its loop: the actor's executor is the loop, and so is every task's preference, so nothing hops.
actor Worker {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  private let listener: Listener
  private let state: WorkerState
  private let rest: Parking

  init(loop: EventLoop, listener: sending Listener, state: sending WorkerState) {
    self.loop = loop
    self.listener = listener
    self.state = state
    rest = Parking(on: loop)
  }

  /// Accepts and serves until a drain has ended, then ends the loop.
  func serve() async {
    loop.endOfTurn = { [ledger = state.ledger] in ledger.submit() }
    await withDiscardingTaskGroup { group in
      group.addTask(executorPreference: loop) { await self.keepHouse() }
      await acceptAll(into: &group)
    }
    state.submitCounts()
    loop.endOfTurn = nil
    loop.stop()
  }

  /// No new connections; the running ones end as `WorkerState.drain` says, at the latest after the drain's time.
  func drain() async {
    guard !state.isDraining else { return }
    state.drain()
    listener.close()
    rest.wake(.interrupted)
    await loop.sleep(until: loop.now.advanced(by: state.limits.drainTimeout))
    state.cutRemaining()
  }

  /// Requests that arrive from now on are judged by `policies`, connections made from now on use the rest. One that
  /// is under way keeps what it started with; see `Exchange` for the one exception.
  func adopt(_ settings: Settings, _ policies: PoliciesInForce, tickets: TicketKeys) {
    state.policies = policies
    do throws(TLSError) {
      state.tls = try ServerContext(settings.tls, ticketKeys: tickets)
      try state.upstream.adopt(settings.upstream)
    } catch {
      // Loading has proven the files good: only memory can be missing here, and the old ones still serve.
      state.logger.error("certificates were not replaced", metadata: ["reason": "\(error)"])
    }
  }

  private func acceptAll(into group: inout DiscardingTaskGroup) async {
    while !state.isDraining {
      // The place comes before the accept: what cannot be served stays in the kernel's queue.
      await state.waitForPlace()
      if state.isDraining { return }
      do throws(SocketError) {
        let arrival = try await listener.accept()
        let peer = arrival.peer
        let connection = Connection(try arrival.stream(on: loop), peer: peer, state: state)
        let id = ObjectIdentifier(connection)
        state.admit(connection)
        group.addTask(executorPreference: loop) { await self.run(id) }
      } catch {
        if error.reason == .interrupted { return }
        // Out of descriptors or memory: the connection stays in the queue, and asking again at once would spin.
        state.logger.warning("cannot accept", metadata: ["reason": "\(error)"])
        await loop.sleep(until: loop.now.advanced(by: GateLimits.acceptPause))
      }
    }
  }

  private func run(_ id: ObjectIdentifier) async {
    await state.connection(id)?.run()
    state.leave(id)
  }

  private func keepHouse() async {
    while !state.isDraining {
      _ = await rest.park(
        until: loop.now.advanced(by: GateLimits.housekeepingInterval), unless: { state.isDraining })
      state.upstream.reap()
      state.submitCounts()
      state.releaseBuffers()
    }
  }
}
