// The two datacenters of peergate dev.

import EmbeddedConsul
import Gate
import Glibc
import Sockets

enum Demonstration {
  /// dc1 and dc2 on loopback, already peering.
  static func start(ports: [UInt16], authorityFile: String) throws -> ConsulServer {
    let authority = String(
      decoding: try TextFile.read(authorityFile, limitBytes: 65_536), as: UTF8.self)
    var chance = Chance.system
    var network = PeeringNetwork(startingAt: .wallClock)
    let datacenters = ["dc1", "dc2"].enumerated().map { index, name in
      network.addDatacenter(
        DatacenterSettings(
          name: name, clusterID: chance.identifier(), caPem: authority,
          serverAddress: "127.0.0.1:\(ports[index] + 3)"))
    }
    network.seedDemonstration(datacenters[0], datacenters[1])
    return try ConsulServer(
      network, sites: zip(datacenters, ports).map { .init($0, at: .loopback(port: $1)) })
  }
}
