// Dialling, heartbeats, termination: what happens between two datacenters.

import Bytes

extension PeeringNetwork {
  /// Why a peer cannot be dialled, as gRPC would put it.
  struct Unreachable: Error {
    let cause: String
  }

  /// Finds the datacenter behind an address and lets it prove itself, as TLS would.
  func target(
    _ address: ByteString, from datacenter: Int, serverName: ByteString, caPems: [ByteString]
  ) throws(Unreachable) -> Int {
    guard let target = datacenters.firstIndex(where: { $0.settings.serverAddress == address }) else {
      throw Unreachable(cause: "dial tcp \(address): connect: connection refused")
    }
    guard canReach(datacenter, target), datacenters[target].settings.isPeeringEnabled else {
      throw Unreachable(cause: "dial tcp \(address): i/o timeout")
    }
    let settings = datacenters[target].settings
    if !caPems.isEmpty {
      guard caPems.contains(settings.caPem) else {
        throw Unreachable(
          cause: "tls: failed to verify certificate: x509: certificate signed by unknown authority")
      }
      guard settings.serverName == serverName else {
        throw Unreachable(
          cause: "tls: failed to verify certificate: x509: certificate is valid for \(settings.serverName), "
            + "not \(serverName)")
      }
    }
    return target
  }

  mutating func scheduleDial(from datacenter: Int, _ peeringID: ByteString, after delay: Duration) {
    let ticket = newTicket()
    datacenters[datacenter].dialTickets[peeringID] = ticket
    agenda.schedule(.dial(datacenter: datacenter, peeringID: peeringID, ticket: ticket), at: now + delay)
  }

  /// A peer that is not there does not make a peering FAILING; one that hangs up does.
  mutating func dial(from datacenter: Int, _ peeringID: ByteString) {
    datacenters[datacenter].dialTickets[peeringID] = nil
    guard leads(datacenter), datacenters[datacenter].openStreams[peeringID] == nil,
      let record = datacenters[datacenter].store.peering(id: peeringID), record.dials, record.isLive,
      record.state != .pending
    else { return }
    let addresses = record.dialledAddresses
    let failures = datacenters[datacenter].dialFailures[peeringID] ?? 0
    let address = addresses[failures % addresses.count]
    do throws(Unreachable) {
      let target = try target(
        address, from: datacenter, serverName: record.peerServerName, caPems: record.peerCAPems)
      open(record, from: datacenter, to: target)
    } catch {
      redialLater(from: datacenter, peeringID)
    }
  }

  /// 2, 4, 8 … 64 seconds.
  private mutating func redialLater(from datacenter: Int, _ peeringID: ByteString) {
    let failures = (datacenters[datacenter].dialFailures[peeringID] ?? 0) + 1
    datacenters[datacenter].dialFailures[peeringID] = failures
    let seconds = failures < 6 ? 1 << failures : ConsulLimits.redialMaximumSeconds
    scheduleDial(from: datacenter, peeringID, after: .seconds(seconds))
  }

  private mutating func open(_ record: PeeringRecord, from dialer: Int, to acceptor: Int) {
    let secret = datacenters[dialer].store.secrets(of: record.id)?.activeStream
    if let other = datacenters[acceptor].store.peering(id: record.peerID), other.state == .deleting {
      return receiveTermination(at: dialer, record.id)
    }
    let remote = PeeringRecord.Remote(
      partition: datacenters[dialer].settings.remotePartition(record.partition),
      datacenter: datacenters[dialer].settings.name)
    do throws(StoreError) {
      try datacenters[acceptor].store.openStream(
        id: record.peerID, secret: secret, caPems: [datacenters[dialer].settings.caPem], from: remote)
    } catch {
      return refuse(at: dialer, record.id, error.text)
    }
    if let previous = datacenters[acceptor].openStreams[record.peerID] {
      // Consul looks at the secret first, then refuses a second stream for one peering and gives up the
      // first.
      close(previous, side(of: acceptor, record.peerID, in: previous), failure: "stream ended unexpectedly")
      return refuse(at: dialer, record.id, "there is an active stream for the given PeerID")
    }
    let number = newStreamNumber()
    streams[number] = PeeringStream(
      dialer: .init(datacenter: dialer, peeringID: record.id, heardAt: now),
      acceptor: .init(datacenter: acceptor, peeringID: record.peerID, heardAt: now))
    datacenters[dialer].dialFailures[record.id] = nil
    for side in [PeeringStream.Side.dialer, .acceptor] { begin(number, side) }
    // The dialer stores the acceptor's trust bundle and takes over its present addresses.
    _ = datacenters[dialer].store.advance()
    datacenters[dialer].store.rewriteAddresses(
      id: record.id, to: [datacenters[acceptor].settings.serverAddress])
    announceExports(of: dialer)
    announceExports(of: acceptor)
  }

  private mutating func begin(_ stream: Int, _ side: PeeringStream.Side) {
    guard let end = streams[stream]?[side] else { return }
    let settings = datacenters[end.datacenter].settings
    var status = datacenters[end.datacenter].statuses[end.peeringID] ?? StreamStatus()
    status.isConnected = true
    status.failure = nil
    status.lastReceive = now
    status.lastSend = now
    datacenters[end.datacenter].statuses[end.peeringID] = status
    datacenters[end.datacenter].openStreams[end.peeringID] = stream
    agenda.schedule(.beat(stream: stream, side: side), at: now + settings.heartbeatInterval)
    agenda.schedule(.silence(stream: stream, side: side), at: now + settings.heartbeatTimeout)
  }

  /// The stream was opened and ended by the acceptor: that is what FAILING means.
  private mutating func refuse(at dialer: Int, _ peeringID: ByteString, _ failure: String) {
    var status = datacenters[dialer].statuses[peeringID] ?? StreamStatus()
    status.isConnected = false
    status.failure = failure
    status.lastReceive = now
    datacenters[dialer].statuses[peeringID] = status
    redialLater(from: dialer, peeringID)
  }

  // MARK: heartbeats

  mutating func beat(_ stream: Int, _ side: PeeringStream.Side) {
    guard let sender = streams[stream]?[side], sender.isOpen,
      let receiver = streams[stream]?[side.opposite]
    else { return }
    if canReach(sender.datacenter, receiver.datacenter) {
      guard receiver.isOpen else { return close(stream, side, failure: "stream ended unexpectedly") }
      streams[stream]?[side.opposite].heardAt = now
      datacenters[receiver.datacenter].statuses[receiver.peeringID]?.lastHeartbeat = now
      datacenters[receiver.datacenter].statuses[receiver.peeringID]?.lastReceive = now
    }
    let interval = datacenters[sender.datacenter].settings.heartbeatInterval
    agenda.schedule(.beat(stream: stream, side: side), at: now + interval)
  }

  mutating func listen(_ stream: Int, _ side: PeeringStream.Side) {
    guard let end = streams[stream]?[side], end.isOpen else { return }
    let deadline = end.heardAt + datacenters[end.datacenter].settings.heartbeatTimeout
    if deadline > now {
      agenda.schedule(.silence(stream: stream, side: side), at: deadline)
    } else {
      close(stream, side, failure: "heartbeat timeout")
    }
  }

  // MARK: ending

  /// - Parameter failure: nil if the stream ended in good order.
  private mutating func close(_ stream: Int, _ side: PeeringStream.Side, failure: String?) {
    guard let end = streams[stream]?[side], end.isOpen else { return }
    streams[stream]?[side].isOpen = false
    datacenters[end.datacenter].openStreams[end.peeringID] = nil
    datacenters[end.datacenter].statuses[end.peeringID]?.isConnected = false
    datacenters[end.datacenter].statuses[end.peeringID]?.failure = failure
    if failure != nil, side == .dialer { redialLater(from: end.datacenter, end.peeringID) }
    if let other = streams[stream]?[side.opposite], other.isOpen, failure != nil,
      canReach(end.datacenter, other.datacenter)
    {
      datacenters[other.datacenter].statuses[other.peeringID]?.lastReceive = now
      close(stream, side.opposite, failure: "stream ended unexpectedly")
    }
    if streams[stream]?.isOver == true { streams[stream] = nil }
  }

  /// The peering is deleted here: the other side is told if it can be, and the leader forgets the stream.
  mutating func endStream(of peeringID: ByteString, at datacenter: Int) {
    datacenters[datacenter].dialTickets[peeringID] = nil
    datacenters[datacenter].dialFailures[peeringID] = nil
    if let stream = datacenters[datacenter].openStreams[peeringID] {
      let side = side(of: datacenter, peeringID, in: stream)
      let other = streams[stream]?[side.opposite]
      close(stream, side, failure: nil)
      if let other, other.isOpen, canReach(datacenter, other.datacenter) {
        close(stream, side.opposite, failure: nil)
        datacenters[other.datacenter].store.terminate(id: other.peeringID)
      }
    }
    datacenters[datacenter].statuses[peeringID] = nil
  }

  private mutating func receiveTermination(at datacenter: Int, _ peeringID: ByteString) {
    var status = datacenters[datacenter].statuses[peeringID] ?? StreamStatus()
    status.isConnected = false
    status.failure = nil
    datacenters[datacenter].statuses[peeringID] = status
    datacenters[datacenter].store.terminate(id: peeringID)
  }

  private func side(of datacenter: Int, _ peeringID: ByteString, in stream: Int) -> PeeringStream.Side {
    let dialer = streams[stream]?[.dialer]
    return dialer?.datacenter == datacenter && dialer?.peeringID == peeringID ? .dialer : .acceptor
  }

  // MARK: services

  /// Tells every connected peer what is exported to it now.
  mutating func announceExports(of datacenter: Int) {
    for (peeringID, stream) in datacenters[datacenter].openStreams {
      guard let record = datacenters[datacenter].store.peering(id: peeringID) else { continue }
      let side = side(of: datacenter, peeringID, in: stream)
      guard let other = streams[stream]?[side.opposite], other.isOpen, canReach(datacenter, other.datacenter)
      else { continue }
      let services = datacenters[datacenter].exportedServices(to: record)
      if datacenters[datacenter].statuses[peeringID]?.exportedServices == services { continue }
      datacenters[datacenter].statuses[peeringID]?.exportedServices = services
      datacenters[datacenter].statuses[peeringID]?.lastSend = now
      datacenters[other.datacenter].statuses[other.peeringID]?.importedServices = services
      datacenters[other.datacenter].statuses[other.peeringID]?.lastReceive = now
    }
  }
}
