// The embedded Consul on real sockets: one loop, a listener for each datacenter.

internal import HTTP
internal import Messages
package import Sockets

package final class ConsulServer: Sendable {
  package struct Site: Sendable {
    package let datacenter: PeeringNetwork.DatacenterID
    package let address: SocketAddress

    package init(_ datacenter: PeeringNetwork.DatacenterID, at address: SocketAddress) {
      self.datacenter = datacenter
      self.address = address
    }
  }

  /// Where the datacenters listen, in the order of the sites; a port of 0 has become a real one.
  package let addresses: [SocketAddress]
  private let host: ConsulHost
  private let thread: Thread

  /// Listens in the clear, as `consul agent -dev` does, and serves on its own thread.
  package init(_ network: PeeringNetwork, sites: [Site]) throws(SocketError) {
    let loop = try EventLoop()
    var listeners: [(PeeringNetwork.DatacenterID, Listener)] = []
    for site in sites {
      listeners.append((site.datacenter, try Listener(at: site.address, on: loop)))
    }
    addresses = listeners.map(\.1.address)
    host = ConsulHost(loop: loop, network: network, listeners: listeners)
    Task(executorPreference: loop) { [host] in await host.serve() }
    thread = Thread.spawn(named: "consul") { loop.run() }
  }

  /// Changes the network from outside: stops a datacenter, cuts a link. For demonstrations and tests.
  package func change(_ body: @escaping @Sendable (inout PeeringNetwork) -> Void) async {
    await host.change(body)
  }

  /// Answers waiting queries, closes everything and ends the thread. Blocks until then.
  package func stop() {
    let host = host
    let loop = host.loop
    loop.perform { Task(executorPreference: loop) { await host.stop() } }
    thread.join()
  }
}

/// Owns the network; lives on its loop.
actor ConsulHost {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  private var network: PeeringNetwork
  private let listeners: [(PeeringNetwork.DatacenterID, Listener)]
  private var connections: [Int: ConsulConnection] = [:]
  private var lastConnection = 0
  private var waiting: [WaitID: PendingQuery] = [:]
  private let timer: Waiter
  private var isStopping = false

  private final class PendingQuery {
    let place: Waiter
    var reply: ConsulResponse?
    init(on loop: EventLoop) { place = Waiter(on: loop) }
  }

  init(
    loop: EventLoop, network: PeeringNetwork, listeners: sending [(PeeringNetwork.DatacenterID, Listener)]
  ) {
    self.loop = loop
    self.network = network
    self.listeners = listeners
    timer = Waiter(on: loop)
  }

  func serve() async {
    await withDiscardingTaskGroup { group in
      group.addTask(executorPreference: loop) { await self.keepTime() }
      for index in listeners.indices {
        group.addTask(executorPreference: loop) { await self.accept(index) }
      }
    }
    loop.stop()
  }

  func change(_ body: @Sendable (inout PeeringNetwork) -> Void) {
    network.advance(to: .wallClock)
    body(&network)
    settle()
  }

  func stop() {
    isStopping = true
    for id in waiting.keys { network.answerNow(id) }
    settle()
    for (_, listener) in listeners { listener.close() }
    for connection in connections.values { connection.stop() }
    timer.wake(.interrupted)
  }

  // MARK: Requests

  /// The answer to one request, after its wait if it is a blocking query; nil if the client left meanwhile.
  func answer(_ request: ConsulRequest, at datacenter: PeeringNetwork.DatacenterID, for client: Int) async
    -> ConsulResponse?
  {
    switch network.handle(request, at: datacenter, now: .wallClock) {
    case .reply(let reply):
      settle()
      return reply
    case .waiting(let id):
      return await wait(for: id, client)
    }
  }

  private func wait(for id: WaitID, _ client: Int) async -> ConsulResponse? {
    // Entered before anything is delivered: the very next change may answer it.
    let waiter = PendingQuery(on: loop)
    waiting[id] = waiter
    defer { waiting[id] = nil }
    settle()
    guard waiter.reply == nil, let stream = connections[client]?.stream else { return waiter.reply }
    guard stream.beginWatch(abandoning: waiter.place) else {
      network.cancel(id)
      return nil
    }
    defer { stream.endWatch() }
    _ = await waiter.place.park(
      until: .never, unless: { waiter.reply != nil || stream.isHungUp || !stream.isOpen })
    if waiter.reply == nil { network.cancel(id) }
    return waiter.reply
  }

  /// After every change: answers go out, and the clock is set for what is due next.
  private func settle() {
    deliver()
    timer.wake(.ready)
  }

  private func deliver() {
    for completion in network.takeCompletions() {
      guard let waiter = waiting[completion.wait] else { continue }
      waiter.reply = completion.reply
      waiter.place.wake(.ready)
    }
  }

  private func keepTime() async {
    while !isStopping {
      network.advance(to: .wallClock)
      deliver()
      let next = network.nextDeadline
      let due = next.map { loop.now.advanced(by: max($0 - .wallClock, .milliseconds(1))) }
      _ = await timer.park(until: due ?? .never, unless: { isStopping || network.nextDeadline != next })
    }
  }

  // MARK: Connections

  private func accept(_ index: Int) async {
    await withDiscardingTaskGroup { group in
      while !isStopping {
        do throws(SocketError) {
          let stream = try await listeners[index].1.accept().stream(on: loop)
          lastConnection += 1
          let id = lastConnection
          connections[id] = ConsulConnection(stream, datacenter: listeners[index].0)
          group.addTask(executorPreference: loop) { await self.run(id) }
        } catch {
          if error.reason == .interrupted { return }
          await loop.sleep(until: loop.now.advanced(by: .milliseconds(50)))
        }
      }
    }
  }

  private func run(_ id: Int) async {
    if let connection = connections[id] {
      await connection.run { request, datacenter in await self.answer(request, at: datacenter, for: id) }
    }
    connections[id] = nil
  }
}
