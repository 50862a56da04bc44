// The two datacenters of peergate dev.

import Bytes
import EmbeddedConsul
import Gate
import Glibc
import Sockets

struct Demonstration {
  let server: ConsulServer
  private let second: PeeringNetwork.DatacenterID

  /// dc1 and dc2 on loopback, already peering.
  init(ports: [UInt16], authorityFile: String, heartbeatTimeout: Duration) throws {
    let authority = ByteString(
      String(decoding: try TextFile.read(authorityFile, limitBytes: 65_536), as: UTF8.self))
    var chance = RandomSource.system
    var network = PeeringNetwork(startingAt: .wallClock)
    let names: [ByteString] = ["dc1", "dc2"]
    let datacenters = names.enumerated().map { index, name in
      var settings = DatacenterSettings(
        name: name, clusterID: chance.identifier(), caPem: authority,
        serverAddress: ByteString("127.0.0.1:\(ports[index] + 3)"))
      settings.heartbeatTimeout = heartbeatTimeout
      // Consul's own proportion: 15 seconds to two minutes.
      settings.heartbeatInterval = heartbeatTimeout / 8
      return network.addDatacenter(settings)
    }
    network.seedDemonstration(datacenters[0], datacenters[1])
    second = datacenters[1]
    server = try ConsulServer(
      network, sites: zip(datacenters, ports).map { .init($0, at: .loopback(port: $1)) })
  }

  /// Stops dc2 as a machine without power stops, or starts it again.
  func toggleSecond() {
    let (server, second) = (server, second)
    Task {
      await server.change { network in
        if network.isRunning(second) { network.stop(second) } else { network.restart(second) }
      }
    }
  }
}
