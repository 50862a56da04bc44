// Two datacenters on simulated time, and short words to talk to them.

import Bytes
import Foundation

@testable import EmbeddedConsul

struct Fixture {
  var network: PeeringNetwork
  let dc1: PeeringNetwork.DatacenterID
  let dc2: PeeringNetwork.DatacenterID

  static let start = Timestamp(nanoseconds: 1_795_349_520_000_000_000)  // 2026-11-22T12:12:00Z
  static let caPem: ByteString = """
    -----BEGIN CERTIFICATE-----
    MAMCAQE=
    -----END CERTIFICATE-----

    """

  init(seed: UInt64 = 1, edition: DatacenterSettings.Edition = .community, access: AccessControl = .disabled)
  {
    network = PeeringNetwork(startingAt: Fixture.start, chance: .seeded(seed))
    var first = DatacenterSettings(
      name: "dc1", clusterID: "11111111-1111-1111-1111-111111111111", caPem: Fixture.caPem,
      serverAddress: "127.0.0.1:8503")
    first.edition = edition
    first.access = access
    var second = first
    second.name = "dc2"
    second.clusterID = "22222222-2222-2222-2222-222222222222"
    second.serverAddress = "127.0.0.1:9503"
    second.caPem = ByteString(
      Fixture.caPem.string.replacingOccurrences(of: "MAMCAQE=", with: "MAMCAQI="))
    dc1 = network.addDatacenter(first)
    dc2 = network.addDatacenter(second)
  }

  @discardableResult
  mutating func send(
    _ method: String, _ target: String, _ body: String = "", token: String? = nil,
    fields: [(name: ByteString, value: [UInt8])] = [], at id: PeeringNetwork.DatacenterID? = nil
  ) -> PeeringNetwork.Outcome {
    let credential = token.map { [(name: "X-Consul-Token" as ByteString, value: Array($0.utf8))] } ?? []
    let request = ConsulRequest(
      method: ByteString(method), target: Array(target.utf8), fields: credential + fields,
      body: Array(body.utf8))
    return network.handle(request, at: id ?? dc1, now: network.now)
  }

  /// The reply to a request that must not wait.
  @discardableResult
  mutating func reply(
    _ method: String, _ target: String, _ body: String = "", token: String? = nil,
    fields: [(name: ByteString, value: [UInt8])] = [], at id: PeeringNetwork.DatacenterID? = nil
  ) -> ConsulResponse {
    switch send(method, target, body, token: token, fields: fields, at: id) {
    case .reply(let reply): return reply
    case .waiting(let wait): return ConsulResponse(status: 0, body: Array("waiting \(wait)".utf8))
    }
  }

  mutating func wait(_ duration: Duration) {
    network.advance(to: network.now + duration)
  }

  mutating func generate(_ name: String, at id: PeeringNetwork.DatacenterID? = nil) -> String {
    let reply = reply("POST", "/v1/peering/token", "{\"PeerName\":\"\(name)\"}", at: id)
    return reply.json["PeeringToken"] as? String ?? "refused: \(reply.text)"
  }

  @discardableResult
  mutating func establish(_ name: String, _ token: String, at id: PeeringNetwork.DatacenterID? = nil)
    -> ConsulResponse
  {
    reply(
      "POST", "/v1/peering/establish", "{\"PeerName\":\"\(name)\",\"PeeringToken\":\"\(token)\"}",
      at: id ?? dc2)
  }

  mutating func read(_ name: String, at id: PeeringNetwork.DatacenterID? = nil) -> [String: Any] {
    reply("GET", "/v1/peering/\(name)", at: id).json
  }

  mutating func state(_ name: String, at id: PeeringNetwork.DatacenterID? = nil) -> String? {
    read(name, at: id)["State"] as? String
  }

  /// `to-dc2` at dc1 accepts, `to-dc1` at dc2 dials; both ACTIVE.
  mutating func peer() {
    establish("to-dc1", generate("to-dc2"))
    wait(.milliseconds(100))
  }
}

extension ConsulResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
  }

  var list: [[String: Any]] {
    (try? JSONSerialization.jsonObject(with: Data(body))) as? [[String: Any]] ?? []
  }

  func field(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  var index: UInt64? { field("X-Consul-Index").flatMap { UInt64($0) } }
}
