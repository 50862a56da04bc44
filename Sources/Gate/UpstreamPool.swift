// Connections to Consul: made, kept while idle, counted, given back.

internal import Messages
internal import Sockets
internal import TLS

/// One connection to Consul and the place it takes in the budget.
final class UpstreamConnection {
  let channel: Channel
  /// It has carried an exchange before: it may have died since, without anybody noticing.
  fileprivate(set) var isReused = false
  fileprivate var idleSince = Deadline.never

  fileprivate init(_ channel: Channel) { self.channel = channel }
}

/// Confined to one loop.
final class UpstreamPool {
  private let settings: UpstreamSettings
  private let limits: GateLimits
  private let budget: UpstreamBudget
  private let loop: EventLoop
  private var tls: ClientContext?
  private var idle: [UpstreamConnection] = []
  private var addresses: [SocketAddress] = []
  private var addressesExpire = Deadline(nanoseconds: 0)

  init(settings: UpstreamSettings, limits: GateLimits, budget: UpstreamBudget, loop: EventLoop)
    throws(TLSError)
  {
    self.settings = settings
    self.limits = limits
    self.budget = budget
    self.loop = loop
    tls = nil
    try adopt(settings.tls)
    let pool = LoopBound(self, on: loop)
    budget.register { pool.perform { $0.giveUpIdle() } }
  }

  /// New certificates or authorities hold for connections made from now on.
  func adopt(_ tls: ClientSettings?) throws(TLSError) {
    if let tls { self.tls = try ClientContext(tls) } else { self.tls = nil }
    giveUpIdle()
  }

  private func giveUpIdle() {
    for connection in idle { close(connection) }
    idle.removeAll()
  }

  enum Demand {
    /// An idle connection that looks alive, or a new one.
    case any
    /// One that has just been asked whether it is alive, or a new one: for a request that is sent once only.
    case alive
    /// A new one: an idle one has turned out to be dead.
    case fresh
  }

  func take(_ demand: Demand) async throws(Failure) -> UpstreamConnection {
    if let connection = takeIdle(demand) { return connection }
    if let connection = try await queueForPlace(demand) { return connection }
    do throws(Failure) {
      return UpstreamConnection(try await connect())
    } catch {
      budget.giveConnection()
      throw error
    }
  }

  /// The exchange is over. `reusable`: the reply was read whole and both sides want to go on.
  func giveBack(_ connection: UpstreamConnection, reusable: Bool) {
    guard reusable, !budget.isContended, connection.channel.isQuiet() else { return close(connection) }
    connection.isReused = true
    connection.idleSince = loop.now
    idle.append(connection)
  }

  /// Closes what has been idle for too long, or died meanwhile. Called now and then by the worker.
  func reap() {
    idle.removeAll { connection in
      let age = connection.idleSince.distance(to: loop.now)
      guard age > limits.upstreamIdleTimeout.wholeNanoseconds || !connection.channel.isQuiet() else {
        connection.channel.releaseBuffers()
        return false
      }
      close(connection)
      return true
    }
  }

  /// The most recently used first: the others grow old and are reaped when fewer are needed.
  private func takeIdle(_ demand: Demand) -> UpstreamConnection? {
    guard demand != .fresh else { return nil }
    while let connection = idle.popLast() {
      if connection.channel.isQuiet(asking: demand == .alive) { return connection }
      close(connection)
    }
    return nil
  }

  /// Waits for a place in the budget: nil means that one is taken and a connection may be made.
  private func queueForPlace(_ demand: Demand) async throws(Failure) -> UpstreamConnection? {
    if budget.takeConnection() { return nil }
    // Our own idle ones are places too.
    if demand == .fresh, let spare = idle.popLast() {
      close(spare)
      if budget.takeConnection() { return nil }
    }
    budget.beginQueueing()
    defer { budget.endQueueing() }
    let end = loop.now.advanced(by: limits.upstreamQueueTimeout)
    while loop.now < end {
      await loop.sleep(until: loop.now.advanced(by: GateLimits.budgetPause))
      if let connection = takeIdle(demand) { return connection }
      if budget.takeConnection() { return nil }
    }
    throw .busy
  }

  private func close(_ connection: UpstreamConnection) {
    connection.channel.finishWriting()
    connection.channel.close()
    budget.giveConnection()
  }

  private func connect() async throws(Failure) -> Channel {
    let deadline = loop.now.advanced(by: limits.upstreamConnectTimeout)
    let stream = try await dial(by: deadline)
    guard let tls else { return Channel(plain: stream) }
    do throws(ChannelError) {
      let channel = try Channel(stream, connecting: tls)
      try await channel.handshake(by: deadline)
      return channel
    } catch {
      throw .unreachable(error)
    }
  }

  private func dial(by deadline: Deadline) async throws(Failure) -> Stream {
    do throws(SocketError) {
      if loop.now >= addressesExpire {
        addresses = try await Resolver.resolve(settings.endpoint, on: loop, by: deadline)
        addressesExpire = loop.now.advanced(by: GateLimits.addressLifetime)
      }
      return try await Stream.connect(to: addresses, on: loop, by: deadline)
    } catch {
      // Consul may have moved.
      addressesExpire = Deadline(nanoseconds: 0)
      throw .unreachable(.socket(error))
    }
  }
}
