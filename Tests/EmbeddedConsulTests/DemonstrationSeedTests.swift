// What a demonstration starts with.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct DemonstrationSeedTests {
  @Test(arguments: [DatacenterSettings.Edition.community, .enterprise])
  func `a demonstration starts with one living peering and some that wait`(
    edition: DatacenterSettings.Edition
  ) {
    var laboratory = Fixture(edition: edition, access: .requiring(token: "root", accessorID: "x"))
    laboratory.network.seedDemonstration(laboratory.dc1, laboratory.dc2, token: "root")
    func states(_ id: PeeringNetwork.DatacenterID) -> [String] {
      laboratory.reply("GET", "/v1/peerings", token: "root", at: id).list.map {
        "\($0["Name"] as? String ?? "?") \($0["State"] as? String ?? "?")"
      }
    }
    #expect(
      states(laboratory.dc1) == [
        "billing-east PENDING", "cluster-01 PENDING", "cluster-02 ACTIVE", "cluster-03 PENDING",
      ])
    #expect(states(laboratory.dc2) == ["cluster-01 ACTIVE"])
    let status =
      laboratory.reply("GET", "/v1/peering/cluster-02", token: "root").json["StreamStatus"] as? [String: Any]
    #expect(status?["ExportedServices"] as? [String] == ["billing", "web"])
    #expect(status?["ImportedServices"] as? [String] == ["inventory"])
  }
}
