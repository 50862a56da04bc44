// The datacenters of one process and what joins them: clock, links, streams, waiting queries.

/// The whole embedded Consul as a value without I/O. One thread owns it. It learns the time from its calls,
/// answers at once or names a waiting query, and says when it wants to be called again.
///
/// Driving it: after every `handle` and `advance` take the completions and set a timer for `nextDeadline`.
package struct PeeringNetwork: Sendable {
  /// Names a datacenter of this network.
  package struct DatacenterID: Sendable, Hashable {
    let number: Int
  }

  package enum Outcome: Sendable {
    case reply(ConsulResponse)
    /// The reply comes as a completion of this name.
    case waiting(WaitID)
  }

  package struct Completion: Sendable {
    package let wait: WaitID
    package let reply: ConsulResponse
  }

  package private(set) var now: Timestamp
  var datacenters: [Datacenter] = []
  var chance: RandomSource
  var agenda = TimerQueue()
  var streams: [Int: PeeringStream] = [:]
  var waiters: [WaitID: (datacenter: Int, query: WaitingQuery)] = [:]
  var completions: [Completion] = []
  private var severedLinks: Set<Link> = []
  private var lastStream = 0
  private var lastTicket = 0
  private var lastWait: UInt64 = 0

  package init(startingAt now: Timestamp, chance: RandomSource = .system) {
    self.now = now
    self.chance = chance
  }

  package mutating func addDatacenter(_ settings: DatacenterSettings) -> DatacenterID {
    datacenters.append(Datacenter(settings: settings))
    return DatacenterID(number: datacenters.count - 1)
  }

  /// Replaces what may change while a datacenter runs: access, exports, delays. Its identity must stay.
  package mutating func configure(_ id: DatacenterID, _ change: (inout DatacenterSettings) -> Void) {
    change(&datacenters[id.number].settings)
    announceExports(of: id.number)
    settle()
  }

  // MARK: time

  /// Lets everything happen that is due until then, each at its own time.
  /// - Returns: when something is due next.
  @discardableResult
  package mutating func advance(to time: Timestamp) -> Timestamp? {
    while let (due, event) = agenda.next(upTo: time) {
      if due > now { now = due }
      perform(event)
      settle()
    }
    if time > now { now = time }
    return nextDeadline
  }

  package var nextDeadline: Timestamp? { agenda.nextDue }

  /// Replies to queries that waited, oldest first; each is given out once.
  package mutating func takeCompletions() -> [Completion] {
    defer { completions.removeAll(keepingCapacity: true) }
    return completions
  }

  private mutating func perform(_ event: TimerQueue.Event) {
    switch event {
    case .waitEnds(let id): finishWaiting(id)
    case .retryExchange(let id): retryExchange(id)
    case .dial(let datacenter, let peeringID, let ticket):
      if datacenters[datacenter].dialTickets[peeringID] == ticket { dial(from: datacenter, peeringID) }
    case .beat(let stream, let side): beat(stream, side)
    case .silence(let stream, let side): listen(stream, side)
    case .remove(let datacenter, let peeringID):
      if leads(datacenter) { datacenters[datacenter].store.remove(id: peeringID) }
    }
  }

  /// Whether the leader's routines of peering run there at all.
  func leads(_ datacenter: Int) -> Bool {
    datacenters[datacenter].isRunning && datacenters[datacenter].settings.isPeeringEnabled
  }

  // MARK: links and machines

  /// Cuts or mends the way between two datacenters. Nobody is told: heartbeats stop arriving.
  package mutating func setLink(between one: DatacenterID, and other: DatacenterID, isUp: Bool) {
    let link = Link(one.number, other.number)
    if isUp { severedLinks.remove(link) } else { severedLinks.insert(link) }
  }

  /// The datacenter falls silent, as a machine without power does. What it stored stays.
  package mutating func stop(_ id: DatacenterID) {
    datacenters[id.number].isRunning = false
    for (peeringID, stream) in datacenters[id.number].openStreams {
      for side in [PeeringStream.Side.dialer, .acceptor] where streams[stream]?[side].peeringID == peeringID {
        if streams[stream]?[side].datacenter == id.number { streams[stream]?[side].isOpen = false }
      }
      if streams[stream]?.isOver == true { streams[stream] = nil }
    }
    datacenters[id.number].openStreams = [:]
    datacenters[id.number].statuses = [:]
    abandonWaiters(of: id.number)
  }

  /// A new leader with an empty memory dials again whom it has to dial and finishes what it was deleting.
  package mutating func restart(_ id: DatacenterID) {
    guard !datacenters[id.number].isRunning else { return }
    datacenters[id.number].isRunning = true
    datacenters[id.number].dialFailures = [:]
    for record in datacenters[id.number].store.allPeerings.sorted(by: { $0.name < $1.name }) {
      if record.state == .deleting {
        agenda.schedule(.remove(datacenter: id.number, peeringID: record.id), at: now)
      } else {
        scheduleDial(from: id.number, record.id, after: .zero)
      }
    }
  }

  package func isRunning(_ id: DatacenterID) -> Bool { datacenters[id.number].isRunning }

  func canReach(_ one: Int, _ other: Int) -> Bool {
    datacenters[one].isRunning && datacenters[other].isRunning && !severedLinks.contains(Link(one, other))
  }

  // MARK: names

  mutating func newStreamNumber() -> Int {
    lastStream += 1
    return lastStream
  }

  mutating func newTicket() -> Int {
    lastTicket += 1
    return lastTicket
  }

  mutating func newWaitID() -> WaitID {
    lastWait += 1
    return WaitID(number: lastWait)
  }
}

private struct Link: Hashable {
  let low: Int
  let high: Int

  init(_ one: Int, _ other: Int) {
    low = min(one, other)
    high = max(one, other)
  }
}
