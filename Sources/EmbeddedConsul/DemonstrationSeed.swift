// What `peergate dev` starts with: two datacenters that peer, and peerings that wait for their other side.

package import Bytes

extension PeeringNetwork {
  /// Seeds `dc1` and `dc2` through their own HTTP face, so that nothing is there that a client could not have
  /// made.
  ///
  /// - At the first: `cluster-02`, ACTIVE; `cluster-01`, `cluster-03` and `billing-east`, PENDING.
  /// - At the second: `cluster-01`, ACTIVE with the first.
  /// - Parameter token: an ACL token with write access to both, where they require one.
  package mutating func seedDemonstration(
    _ first: DatacenterID, _ second: DatacenterID, token: ByteString? = nil
  ) {
    configure(first) { $0.exportedServices["cluster-02"] = ["billing", "web"] }
    configure(second) { $0.exportedServices["cluster-01"] = ["inventory"] }
    let pending = [
      "{\"PeerName\":\"cluster-01\",\"Meta\":{\"env\":\"production\",\"region\":\"eu-west-1\"}}",
      "{\"PeerName\":\"cluster-03\",\"Meta\":{\"env\":\"staging\"}}",
      "{\"PeerName\":\"billing-east\",\"Meta\":{\"team\":\"billing\"}}",
    ]
    for body in pending { _ = post("/v1/peering/token", body, token, at: first) }
    let made = post(
      "/v1/peering/token", "{\"PeerName\":\"cluster-02\",\"Meta\":{\"env\":\"production\"}}", token, at: first
    )
    guard case .reply(let reply) = made, reply.status == 200 else { return }
    let shape = GoStruct(typeName: "api.PeeringGenerateTokenResponse", fields: [("PeeringToken", .string)])
    guard let answer = try? shape.decodeFirst(reply.body) else { return }
    let peeringToken = answer.string("PeeringToken")
    _ = post(
      "/v1/peering/establish",
      "{\"PeerName\":\"cluster-01\",\"PeeringToken\":\"\(peeringToken)\",\"Meta\":{\"env\":\"production\"}}",
      token,
      at: second)
    // The peers meet before anybody looks.
    advance(to: now + datacenters[second.number].settings.dialDelay)
  }

  private mutating func post(_ path: String, _ body: String, _ token: ByteString?, at id: DatacenterID)
    -> Outcome
  {
    let fields = token.map { [(name: "X-Consul-Token" as ByteString, value: Array($0.utf8))] } ?? []
    let request = ConsulRequest(
      method: "POST", target: Array(path.utf8), fields: fields, body: Array(body.utf8))
    return handle(request, at: id, now: now)
  }
}
