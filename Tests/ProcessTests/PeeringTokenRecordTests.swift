// The record says with whom a peering is made: what its token says, and never the secret.

import Digests
import Foundation
import Support
import Testing

@Suite struct PeeringTokenRecordTests {
  private static let token = Base64.encode(
    """
    {"CA":null,"ManualServerAddresses":null,"ServerAddresses":["10.9.8.7:8502","evil\\u001b[31m:1"],"ServerName":"",\
    "PeerID":"p-1","EstablishmentSecret":"7d3f6c1e-secret","Remote":{"Partition":"","Datacenter":"dc9"}}
    """.utf8.span)

  private func peering(_ line: AuditLine) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(line.text.utf8)) as? [String: Any]
    let payload = object?["payload"] as? [String: Any]
    return payload?["peering"] as? [String: Any] ?? [:]
  }

  @Test func `both stages of an establish, and the answer of a generate`() throws {
    let upstream = try RecordingUpstream { received in
      .json(received.target.hasSuffix("token") ? "{\"PeeringToken\":\"\(Self.token)\"}" : "{}")
    }
    let gate = try GateProcess(upstream: upstream.address)
    func post(_ path: String, _ body: String) throws -> Int {
      try gate.request(request("POST", path, token: Token.administrator, body: body)).status
    }
    #expect(try post("/v1/peering/token", "{\"PeerName\":\"hub\"}") == 200)
    #expect(
      try post("/v1/peering/establish", "{\"PeerName\":\"hub\",\"PeeringToken\":\"\(Self.token)\"}") == 200)
    #expect(try post("/v1/peering/establish", "{\"PeerName\":\"hub\",\"PeeringToken\":\"nonsense\"}") == 200)
    let told = try gate.audit().map { try peering($0)["token"] as? [String: Any] }
    #expect(told.count == 6 && told[0] == nil)
    for token in told[1...3] {
      #expect(token?["datacenter"] as? String == "dc9" && token?["peer_id"] as? String == "p-1")
      #expect(token?["addresses"] as? [String] == ["10.9.8.7:8502", "evil\\x1b[31m:1"])
      #expect((token?["ca_digests"] as? [String])?.isEmpty == true)
    }
    #expect(told[4...5].allSatisfy { $0?["unclear"] as? Bool == true })
    let log = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(!log.contains("7d3f6c1e") && !log.contains(Self.token.prefix(24)))
  }
}
