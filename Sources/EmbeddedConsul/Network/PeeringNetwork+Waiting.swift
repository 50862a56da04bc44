// Blocking queries: when they are answered and with what.

extension PeeringNetwork {
  /// Answers at once or keeps the query until a stored change, its deadline or the end of the datacenter.
  mutating func ask(_ query: WaitingQuery, at datacenter: Int, wait: Duration) -> Outcome {
    var query = query
    if let reply = answer(&query, at: datacenter, isLast: false) { return .reply(reply) }
    let jitter = wait.scaled(by: chance.fraction() / Double(ConsulLimits.waitJitterDivisor))
    return .waiting(keep(query, at: datacenter, until: now + wait + jitter))
  }

  /// Nil: not yet.
  private func answer(_ query: inout WaitingQuery, at datacenter: Int, isLast: Bool) -> ConsulResponse? {
    let store = datacenters[datacenter].store
    switch query {
    case .establish: return nil
    case .list(let list):
      let index = store.tableIndex(of: list.partition)
      guard isLast || list.minimumIndex == 0 || index > list.minimumIndex else { return nil }
      return rendered(list, at: datacenter)
    case .read(var read):
      defer { query = .read(read) }
      guard let record = store.peering(read.key) else {
        // The table's index counts once: later changes of other peerings are none of a missing one's
        // business.
        let index = store.tableIndex(of: read.key.partition)
        if read.wasMissing { read.minimumIndex = max(read.minimumIndex, index) }
        read.wasMissing = true
        guard isLast || read.minimumIndex == 0 || index > read.minimumIndex else { return nil }
        return .text(404, "Peering not found for \(goQuoted(read.typedName))")
      }
      guard isLast || read.minimumIndex == 0 || record.modifyIndex > read.minimumIndex else { return nil }
      return rendered(record, isPretty: read.isPretty, at: datacenter)
    }
  }

  mutating func keep(_ query: WaitingQuery, at datacenter: Int, until deadline: Timestamp?) -> WaitID {
    let id = newWaitID()
    waiters[id] = (datacenter, query)
    datacenters[datacenter].watches.insert(id, for: query)
    if let deadline { agenda.schedule(.waitEnds(id), at: deadline) }
    return id
  }

  /// The client left, or the server drains and wants an answer for it no more.
  package mutating func cancel(_ id: WaitID) {
    _ = forget(id)
  }

  /// The query is answered now with what there is, as if its wait were over: for a server that drains.
  package mutating func answerNow(_ id: WaitID) {
    finishWaiting(id)
  }

  package var waitingCount: Int { waiters.count }

  private mutating func forget(_ id: WaitID) -> (datacenter: Int, query: WaitingQuery)? {
    guard let waiter = waiters.removeValue(forKey: id) else { return nil }
    datacenters[waiter.datacenter].watches.remove(id, for: waiter.query)
    // A query answered early leaves its deadline behind; sweep when most of the agenda is such remains.
    if agenda.count > 1_024, agenda.count > 4 * (waiters.count + 4 * streams.count + 16) {
      agenda.keep { [waiters] event in
        switch event {
        case .waitEnds(let id), .retryExchange(let id): waiters[id] != nil
        default: true
        }
      }
    }
    return waiter
  }

  private mutating func complete(_ id: WaitID, _ reply: ConsulResponse, at datacenter: Int) {
    completions.append(Completion(wait: id, reply: reply.inAPI(datacenters[datacenter].settings)))
  }

  /// A query that need not wait any longer is answered and forgotten.
  mutating func end(_ id: WaitID, with reply: ConsulResponse) {
    guard let waiter = forget(id) else { return }
    complete(id, reply, at: waiter.datacenter)
  }

  mutating func finishWaiting(_ id: WaitID) {
    guard let waiter = waiters[id] else { return }
    var query = waiter.query
    if case .establish(let attempt) = query { return end(id, with: failureReply(attempt)) }
    if let reply = answer(&query, at: waiter.datacenter, isLast: true) { end(id, with: reply) }
  }

  /// Looks again at every query that a change since the last call concerns.
  mutating func settle() {
    for datacenter in datacenters.indices {
      let touched = datacenters[datacenter].store.takeTouched()
      if touched.isEmpty { continue }
      // Many clients wait for the same list: it is written once.
      var lists: [ListQuery: ConsulResponse] = [:]
      for id in datacenters[datacenter].watches.awaiting(touched) {
        guard var query = waiters[id]?.query else { continue }
        if case .list(let list) = query,
          list.minimumIndex < datacenters[datacenter].store.tableIndex(of: list.partition)
        {
          let key = ListQuery(partition: list.partition, minimumIndex: 0, isPretty: list.isPretty)
          let reply = lists[key] ?? rendered(list, at: datacenter)
          lists[key] = reply
          end(id, with: reply)
        } else if let reply = answer(&query, at: datacenter, isLast: false) {
          end(id, with: reply)
        } else {
          waiters[id]?.query = query
        }
      }
    }
  }

  mutating func abandonWaiters(of datacenter: Int) {
    for id in waiters.filter({ $0.value.datacenter == datacenter }).keys.sorted() {
      end(id, with: .text(500, PeeringNetwork.noLeader))
    }
  }

  static let noLeader = "No cluster leader"

  // MARK: rendering

  private func rendered(_ list: ListQuery, at datacenter: Int) -> ConsulResponse {
    let place = datacenters[datacenter]
    let isEnterprise = place.settings.edition == .enterprise
    var writer = PeeringWriter(showsPartition: isEnterprise)
    writer.list(place.store.peerings(in: list.partition)) { place.statuses[$0] }
    return .queried(
      writer.finish(), index: place.store.tableIndex(of: list.partition), isPretty: list.isPretty)
  }

  private func rendered(_ record: PeeringRecord, isPretty: Bool, at datacenter: Int) -> ConsulResponse {
    let place = datacenters[datacenter]
    var writer = PeeringWriter(showsPartition: place.settings.edition == .enterprise)
    writer.peering(record, place.statuses[record.id])
    return .queried(writer.finish(), index: record.modifyIndex, isPretty: isPretty)
  }
}
