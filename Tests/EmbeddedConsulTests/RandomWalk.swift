// One random sequence of operations over two datacenters, watched for what Consul could never do.

import Bytes
@testable import EmbeddedConsul

struct RandomWalk {
  private(set) var laboratory: Fixture
  private var chance: RandomSource
  private(set) var violations: [String] = []
  private(set) var trace: [String] = []
  /// Every token ever made, with how often an establish accepted it.
  private var tokens: [(text: String, uses: Int)] = []
  private var waiting: [WaitID] = []
  private var establishing: [WaitID: Int] = [:]
  private var previous: [[ByteString: PeeringRecord]] = [[:], [:]]
  private var gone: Set<ByteString> = []
  private var indexes: [UInt64] = [0, 0]
  private var lastTime: Timestamp

  private static let names = ["a", "b", "c"]

  init(seed: UInt64) {
    laboratory = Fixture(seed: seed)
    lastTime = laboratory.network.now
    chance = .seeded(seed &* 0x9E37_79B9)
    if seed % 2 == 0 {
      for id in [laboratory.dc1, laboratory.dc2] {
        laboratory.network.configure(id) {
          $0.deletionDelay = .seconds(3)
          $0.heartbeatTimeout = .seconds(40)
        }
      }
    }
  }

  private mutating func roll(_ count: Int) -> Int { Int(chance.fraction() * Double(count)) }

  private mutating func anyone() -> PeeringNetwork.DatacenterID {
    roll(2) == 0 ? laboratory.dc1 : laboratory.dc2
  }

  private mutating func name() -> String { RandomWalk.names[roll(RandomWalk.names.count)] }

  // MARK: steps

  mutating func step() {
    let id = anyone()
    switch roll(20) {
    case 0...3: generate(name(), at: id)
    case 4...8: establish(name(), at: id)
    case 9, 10: send("DELETE", "/v1/peering/\(name())", at: id)
    case 11: link(isUp: false)
    case 12, 13: link(isUp: true)
    case 14: stopOrRestart(id)
    case 15: wait(.seconds(roll(300)))
    case 16: ask(at: id)
    default: wait(.milliseconds(roll(4_000)))
    }
    check()
  }

  /// Mends everything and lets time pass, then looks whether all came to rest.
  mutating func settle() {
    link(isUp: true)
    for id in [laboratory.dc1, laboratory.dc2] {
      if !laboratory.network.isRunning(id) { stopOrRestart(id) }
    }
    for _ in 0..<14 {
      wait(.seconds(50))
      check()
    }
    checkRest()
  }

  private mutating func generate(_ name: String, at id: PeeringNetwork.DatacenterID) {
    let reply = send("POST", "/v1/peering/token", "{\"PeerName\":\"\(name)\"}", at: id)
    if reply?.status == 200, let token = reply?.json["PeeringToken"] as? String { tokens.append((token, 0)) }
  }

  private mutating func establish(_ name: String, at id: PeeringNetwork.DatacenterID) {
    guard !tokens.isEmpty else { return }
    // Mostly the newest, sometimes one long spent.
    let position = roll(3) == 0 ? roll(tokens.count) : tokens.count - 1
    let body = "{\"PeerName\":\"\(name)\",\"PeeringToken\":\"\(tokens[position].text)\"}"
    trace.append("establish \(name) with token \(position) at \(id.number)")
    switch laboratory.send("POST", "/v1/peering/establish", body, at: id) {
    case .reply(let reply): count(reply, of: position)
    case .waiting(let wait): establishing[wait] = position
    }
  }

  private mutating func count(_ reply: ConsulResponse, of token: Int) {
    trace.append("  \(reply.status) \(reply.status == 200 ? "" : String(reply.text.prefix(60)))")
    if ![200, 403, 500, 503].contains(reply.status) { violate("establish answered \(reply.status)") }
    if reply.status == 200 { tokens[token].uses += 1 }
    if tokens[token].uses > 1 { violate("token \(token) was spent twice") }
  }

  @discardableResult
  private mutating func send(
    _ method: String, _ target: String, _ body: String = "", at id: PeeringNetwork.DatacenterID
  ) -> ConsulResponse? {
    trace.append("\(method) \(target) \(body) at \(id.number)")
    guard case .reply(let reply) = laboratory.send(method, target, body, at: id) else { return nil }
    trace.append("  \(reply.status)")
    if ![200, 404, 500].contains(reply.status) { violate("\(method) \(target) answered \(reply.status)") }
    return reply
  }

  private mutating func ask(at id: PeeringNetwork.DatacenterID) {
    let index = laboratory.network.datacenters[id.number].store.tableIndex
    let path = roll(2) == 0 ? "/v1/peerings" : "/v1/peering/\(name())"
    if case .waiting(let wait) = laboratory.send(
      "GET", "\(path)?index=\(index)&wait=\(1 + roll(100))s", at: id)
    {
      waiting.append(wait)
      if roll(8) == 0 {
        laboratory.network.cancel(wait)
        waiting.removeLast()
      }
    }
  }

  private mutating func wait(_ duration: Duration) {
    trace.append("wait \(duration)")
    laboratory.wait(duration)
  }

  private mutating func link(isUp: Bool) {
    trace.append("link \(isUp ? "up" : "down")")
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: isUp)
  }

  private mutating func stopOrRestart(_ id: PeeringNetwork.DatacenterID) {
    trace.append("\(laboratory.network.isRunning(id) ? "stop" : "restart") \(id.number)")
    if laboratory.network.isRunning(id) {
      laboratory.network.stop(id)
    } else {
      laboratory.network.restart(id)
    }
  }

  // MARK: what must hold after every step

  private mutating func violate(_ text: String) { violations.append(text) }

  private mutating func check() {
    for completion in laboratory.network.takeCompletions() {
      if let token = establishing.removeValue(forKey: completion.wait) {
        count(completion.reply, of: token)
      } else if let position = waiting.firstIndex(of: completion.wait) {
        waiting.remove(at: position)
      } else {
        violate("a query was answered twice")
      }
    }
    if laboratory.network.now < lastTime { violate("time went back") }
    lastTime = laboratory.network.now
    if let due = laboratory.network.nextDeadline, due < lastTime { violate("something due was not done") }
    for number in 0..<2 {
      let datacenter = laboratory.network.datacenters[number]
      checkStore(datacenter, number)
      checkStreams(datacenter, number)
      previous[number] = Dictionary(uniqueKeysWithValues: datacenter.store.allPeerings.map { ($0.id, $0) })
      indexes[number] = datacenter.store.index
    }
  }

  private mutating func checkStore(_ datacenter: Datacenter, _ number: Int) {
    let store = datacenter.store
    if store.index < indexes[number] { violate("the index went back") }
    let listed = store.peerings(in: "default")
    if listed.map(\.key.name) != Set(store.allPeerings.map(\.key.name)).sorted() {
      violate("the list is not the table")
    }
    var secrets: Set<ByteString> = []
    for record in store.allPeerings {
      if gone.contains(record.id) { violate("an identifier came back") }
      if !(record.createIndex <= record.modifyIndex && record.modifyIndex <= store.tableIndex) {
        violate("\(record.name) is out of order with its table")
      }
      if (record.state == .deleting) != (record.deletedAt != nil) {
        violate("DeletedAt does not go with DELETING")
      }
      if [.active, .failing, .undefined].contains(record.state) { violate("\(record.state) was stored") }
      if record.state == .establishing, !record.dials { violate("an acceptor is establishing") }
      if !record.isLive, store.secrets(of: record.id) != nil { violate("an ended peering kept its secrets") }
      if !record.dials, let known = store.secrets(of: record.id) {
        for secret in [known.establishment, known.pendingStream, known.activeStream].compactMap({ $0 })
        where !secrets.insert(secret).inserted { violate("two peerings share a secret") }
      }
      checkTransition(previous[number][record.id], record)
    }
    for id in previous[number].keys where store.peering(id: id) == nil {
      gone.insert(id)
    }
  }

  private mutating func checkTransition(_ old: PeeringRecord?, _ new: PeeringRecord) {
    guard let old else { return }
    if old.dials != new.dials { violate("\(new.name) changed sides") }
    if old.createIndex != new.createIndex { violate("\(new.name) was created twice") }
    if old.modifyIndex > new.modifyIndex { violate("\(new.name) went back") }
    let allowed: Set<PeeringState> =
      switch old.state {
      case .pending: [.pending, .establishing, .deleting, .terminated]
      case .establishing: [.establishing, .deleting, .terminated]
      case .terminated: new.dials ? [.terminated, .establishing, .deleting] : [.terminated, .deleting]
      case .deleting: [.deleting]
      default: []
      }
    if !allowed.contains(new.state) { violate("\(new.name) went from \(old.state) to \(new.state)") }
    if old.state != new.state, old.modifyIndex == new.modifyIndex { violate("a change without an index") }
  }

  private mutating func checkStreams(_ datacenter: Datacenter, _ number: Int) {
    for (peeringID, stream) in datacenter.openStreams {
      guard let stream = laboratory.network.streams[stream],
        let record = datacenter.store.peering(id: peeringID)
      else {
        violate("a stream of nothing")
        continue
      }
      let side: PeeringStream.Side = record.dials ? .dialer : .acceptor
      if stream[side].peeringID != peeringID || !stream[side].isOpen {
        violate("a stream that is not its own")
      }
      if datacenter.statuses[peeringID]?.isConnected != true { violate("an open stream that nobody tracks") }
      if !record.isLive { violate("an ended peering is connected") }
    }
    for (peeringID, status) in datacenter.statuses {
      if status.isConnected != (datacenter.openStreams[peeringID] != nil) {
        violate("connected without a stream")
      }
      if status.isConnected, status.failure != nil { violate("connected and failed") }
    }
  }

  // MARK: what must hold at rest

  private mutating func checkRest() {
    if !waiting.isEmpty || !establishing.isEmpty { violate("a query was never answered") }
    for number in 0..<2 {
      let datacenter = laboratory.network.datacenters[number]
      for record in datacenter.store.allPeerings {
        let shown = record.shownState(datacenter.statuses[record.id])
        if record.state == .deleting { violate("a deletion never ended") }
        guard record.dials, record.state == .establishing else { continue }
        let other = laboratory.network.datacenters[1 - number]
        let secret = datacenter.store.secrets(of: record.id)?.activeStream
        let accepted = other.store.secrets(of: record.peerID)
        if secret != nil, secret == accepted?.activeStream || secret == accepted?.pendingStream,
          shown != .active
        {
          violate("\(record.name) at \(number) could connect and is \(shown)")
        }
        if shown == .establishing { violate("\(record.name) at \(number) never dialled") }
      }
    }
    for stream in laboratory.network.streams.values
    where !(stream[.dialer].isOpen && stream[.acceptor].isOpen) {
      violate("a stream with one end")
    }
  }
}
