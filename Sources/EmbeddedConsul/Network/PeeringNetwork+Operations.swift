// The five operations behind the HTTP face, in the order in which Consul's service checks and writes.

import Bytes

extension PeeringNetwork {
  struct GenerateArguments {
    let name: ByteString
    let partition: ByteString
    let meta: [ByteString: ByteString]
    let externalAddresses: [ByteString]
  }

  mutating func generate(_ arguments: GenerateArguments, at datacenter: Int) throws(StoreError) -> String {
    let key = PeeringKey(partition: arguments.partition, name: arguments.name)
    let known = datacenters[datacenter].store.peering(key)
    let newID = known?.id ?? chance.identifier()
    let secret = chance.identifier()
    let record = try datacenters[datacenter].store.generate(
      key, meta: arguments.meta, newID: newID, secret: secret)
    let settings = datacenters[datacenter].settings
    let token = PeeringToken(
      caPems: [settings.caPem], manualServerAddresses: arguments.externalAddresses,
      serverAddresses: [settings.serverAddress], serverName: settings.serverName, peerID: record.id,
      establishmentSecret: secret, remotePartition: settings.remotePartition(record.partition),
      remoteDatacenter: settings.name)
    return token.encoded()
  }

  /// - Returns: a reply, or the waiting query if the peer cannot be reached yet.
  mutating func establish(
    _ key: PeeringKey, _ draft: EstablishDraft, isPretty: Bool, at datacenter: Int
  ) -> Outcome {
    let settings = datacenters[datacenter].settings
    if draft.token.serverName == settings.serverName {
      return .reply(
        .text(
          500,
          "cannot create a peering within the same cluster \(goQuoted(settings.serverName)). Refer to the "
            + "`exported-services` documentation if you want to export between partitions without peering"))
    }
    let known = datacenters[datacenter].store.peering(key)
    let isConnected = known.map { datacenters[datacenter].openStreams[$0.id] != nil } ?? false
    let newID = known?.id ?? chance.identifier()
    let record: PeeringRecord
    do throws(StoreError) {
      record = try datacenters[datacenter].store.beginEstablish(
        key, with: draft, newID: newID, isConnected: isConnected)
    } catch {
      return .reply(.text(500, error.text))
    }
    var attempt = EstablishAttempt(
      peeringID: record.id, draft: draft, isPretty: isPretty,
      deadline: now + .seconds(ConsulLimits.exchangeDeadlineSeconds))
    if let reply = exchange(&attempt, at: datacenter) { return .reply(reply) }
    let id = keep(.establish(attempt), at: datacenter, until: attempt.deadline)
    scheduleRetry(id)
    return .waiting(id)
  }

  mutating func delete(_ key: PeeringKey, typedName: ByteString, at datacenter: Int) {
    guard let record = datacenters[datacenter].store.markDeleting(key, typedName: typedName, at: now) else {
      return
    }
    endStream(of: record.id, at: datacenter)
    let delay = datacenters[datacenter].settings.deletionDelay
    agenda.schedule(.remove(datacenter: datacenter, peeringID: record.id), at: now + delay)
  }

  // MARK: the exchange of secrets

  mutating func retryExchange(_ id: WaitID) {
    guard let (datacenter, query) = waiters[id], case .establish(var attempt) = query else { return }
    if let reply = exchange(&attempt, at: datacenter) { return end(id, with: reply) }
    waiters[id]?.query = .establish(attempt)
    scheduleRetry(id)
  }

  private mutating func scheduleRetry(_ id: WaitID) {
    let pause = Duration.milliseconds(ConsulLimits.exchangeRetryMilliseconds)
    let jitter = pause.scaled(by: ConsulLimits.exchangeRetryJitter * chance.fraction())
    agenda.schedule(.retryExchange(id), at: now + pause + jitter)
  }

  /// One try with the next address. Nil: unreachable, try again.
  private mutating func exchange(_ attempt: inout EstablishAttempt, at datacenter: Int) -> ConsulResponse? {
    let token = attempt.draft.token
    let addresses = token.manualServerAddresses + token.serverAddresses
    let address = addresses[attempt.failures.count % addresses.count]
    let acceptor: Int
    do throws(Unreachable) {
      acceptor = try target(address, from: datacenter, serverName: token.serverName, caPems: token.caPems)
    } catch {
      attempt.failures.append(ExchangeFailure(address: address, cause: error.cause))
      return nil
    }
    let streamSecret = chance.identifier()
    do throws(StoreError) {
      try datacenters[acceptor].store.exchange(
        id: token.peerID, secret: token.establishmentSecret, for: streamSecret)
    } catch {
      return .text(403, "a new peering token must be generated: \(error.text)")
    }
    do throws(StoreError) {
      try datacenters[datacenter].store.finishEstablish(id: attempt.peeringID, streamSecret: streamSecret)
    } catch {
      return .text(500, error.text)
    }
    datacenters[datacenter].dialFailures[attempt.peeringID] = nil
    if datacenters[datacenter].openStreams[attempt.peeringID] == nil {
      scheduleDial(from: datacenter, attempt.peeringID, after: datacenters[datacenter].settings.dialDelay)
    }
    return .json(Array("{}".utf8), isPretty: attempt.isPretty)
  }

  /// Every failed try, as Go's multierror lists them.
  func failureReply(_ attempt: EstablishAttempt) -> ConsulResponse {
    let count = attempt.failures.count
    var text = count == 1 ? "1 error occurred:\n" : "\(count) errors occurred:\n"
    for failure in attempt.failures {
      text +=
        "\t* failed to exchange peering secret through address \(goQuoted(failure.address)): rpc error: "
      text += "code = Unavailable desc = connection error: desc = \"transport: Error while dialing: "
      text += "\(failure.cause)\"\n"
    }
    return .text(503, text + "\n")
  }
}
