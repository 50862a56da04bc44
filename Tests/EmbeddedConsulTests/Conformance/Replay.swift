// Two embedded datacenters with the identity of the recorded ones, asked the same in the same order.

import Bytes
import Foundation

@testable import EmbeddedConsul

struct Replay {
  private(set) var network: PeeringNetwork
  private var datacenters: [String: PeeringNetwork.DatacenterID] = [:]
  private let recordings: [String: Recording]

  /// The identities are in the recorded tokens.
  init(_ recordings: [Recording]) {
    self.recordings = Dictionary(uniqueKeysWithValues: recordings.map { ($0.name, $0) })
    network = PeeringNetwork(
      startingAt: Timestamp(nanoseconds: 1_795_349_520_000_000_000), chance: .seeded(746))
    add("dc1", tokenOf: "establish-001-happy", index: 64)
    add("dc2", tokenOf: "establish-007-establish-on-acceptor-name", index: 25)
    add("acloff", tokenOf: "misc-002-acl-off-generate", index: 17)
    add("peeroff", tokenOf: nil, index: 17)
    datacenters["client"] = datacenters["dc1"]
  }

  private mutating func add(_ agent: String, tokenOf name: String?, index: UInt64) {
    let token = name.flatMap { self.token(of: $0) }
    let place = token?.remoteDatacenter ?? "dc1"
    let cluster = token?.serverName.string.split(separator: ".").dropFirst(3).first ?? "none"
    var settings = DatacenterSettings(
      name: place, clusterID: ByteString(cluster), caPem: token?.caPems.first ?? "",
      serverAddress: token?.serverAddresses.first ?? ByteString("127.0.0.1:\(agent)"))
    settings.access = ReplayScript.access(at: agent)
    settings.edition = .community
    settings.isPeeringEnabled = agent != "peeroff"
    let id = network.addDatacenter(settings)
    network.datacenters[id.number].store = Store(firstFreeIndex: index)
    datacenters[agent] = id
  }

  /// The peering token in a recorded request or reply.
  private func token(of name: String) -> PeeringToken? {
    guard let recording = recordings[name] else { return nil }
    for text in [String(decoding: recording.request.body, as: UTF8.self), recording.response?.body ?? ""] {
      if let match = text.firstMatch(of: /"PeeringToken": ?"([A-Za-z0-9+\/=]+)"/),
        let token = try? PeeringToken.decode(ByteString(match.1))
      {
        return token
      }
    }
    return nil
  }

  func agent(_ recording: Recording) -> PeeringNetwork.DatacenterID? {
    datacenters[recording.agent ?? (ReplayScript.dc2CLI.contains(recording.name) ? "dc2" : "dc1")]
  }

  /// - Returns: nil if there is no such agent.
  mutating func send(_ recording: Recording) -> ConsulResponse? {
    guard let id = agent(recording) else { return nil }
    if let response = recording.response, let date = response.date {
      network.advance(to: date + (.zero - response.elapsed))
    }
    network.advance(to: network.now + .milliseconds(20))
    for step in ReplayScript.before[recording.name] ?? [] { perform(step) }
    foresee(recording, at: id)
    defer { network.chance.foreseenIdentifiers = [] }
    switch network.handle(recording.request, at: id, now: network.now) {
    case .reply(let reply): return reply
    case .waiting(let wait):
      if let step = ReplayScript.meanwhile[recording.name] {
        network.advance(to: network.now + .seconds(1))
        perform(step)
      }
      while true {
        if let completion = network.takeCompletions().first(where: { $0.wait == wait }) {
          return completion.reply
        }
        guard let deadline = network.nextDeadline else { return nil }
        network.advance(to: deadline)
      }
    }
  }

  /// Lets a token get the identifiers that Consul gave it, because a later exchange may use it.
  private mutating func foresee(_ recording: Recording, at id: PeeringNetwork.DatacenterID) {
    guard recording.response?.status == 200, let token = token(of: recording.name),
      token.serverName == network.datacenters[id.number].settings.serverName
    else { return }
    foresee(token, at: id)
  }

  private mutating func foresee(_ token: PeeringToken, at id: PeeringNetwork.DatacenterID) {
    let isKnown = network.datacenters[id.number].store.peering(id: token.peerID) != nil
    network.chance.foreseenIdentifiers =
      isKnown ? [token.establishmentSecret] : [token.peerID, token.establishmentSecret]
  }

  private mutating func perform(_ step: ReplayScript.Step) {
    switch step {
    case .generate(let name, let agent, let use):
      guard let id = datacenters[agent] else { return }
      if let token = use.flatMap({ self.token(of: $0) }) { foresee(token, at: id) }
      post("/v1/peering/token", "{\"PeerName\":\"\(name)\"}", at: id)
      network.chance.foreseenIdentifiers = []
    case .delete(let name, let agent):
      guard let id = datacenters[agent] else { return }
      request("DELETE", "/v1/peering/\(name)", "", at: id)
    case .dialDelay(let delay):
      if let id = datacenters["dc2"] { network.configure(id) { $0.dialDelay = delay } }
    case .exports(let service, let peer):
      if let id = datacenters["dc1"] {
        network.configure(id) { $0.exportedServices[ByteString(peer)] = [ByteString(service)] }
      }
    case .advance(let count, let agent):
      guard let id = datacenters[agent] else { return }
      for _ in 0..<count { _ = network.datacenters[id.number].store.advance() }
    case .anonymousMayRead(let isAllowed):
      guard let id = datacenters["dc1"] else { return }
      network.configure(id) { $0.access = ReplayScript.access(at: "dc1", anonymousMayRead: isAllowed) }
    }
  }

  private mutating func post(_ target: String, _ body: String, at id: PeeringNetwork.DatacenterID) {
    request("POST", target, body, at: id)
  }

  private mutating func request(
    _ method: String, _ target: String, _ body: String, at id: PeeringNetwork.DatacenterID
  ) {
    let writer = [
      (name: "X-Consul-Token" as ByteString, value: Array("aaaaaaaa-0000-4000-8000-000000000002".utf8))
    ]
    _ = network.handle(
      EmbeddedConsul.ConsulRequest(
        method: ByteString(method), target: Array(target.utf8), fields: writer, body: Array(body.utf8)),
      at: id, now: network.now)
  }
}
