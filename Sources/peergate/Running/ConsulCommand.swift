// peergate consul: one embedded datacenter alone.

import ArgumentParser
import Bytes
import EmbeddedConsul
import Sockets
import TLS

struct ConsulCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consul",
    abstract: "Run one embedded datacenter, to try serve against.",
    discussion: """
      Serves the five peering operations from memory over plain HTTP on 127.0.0.1, as `consul agent -dev` does. \
      Nothing is kept when it stops.
      """)

  @Option(help: "Where it listens on 127.0.0.1.")
  var port: UInt16 = 8500

  @Option(help: "The datacenter's name.")
  var datacenter = "dc1"

  @Option(
    help:
      "A token that every request must carry; without it all are allowed. It is visible in the process list.")
  var token: String?

  func run() throws {
    Signals.block()
    let server: ConsulServer
    do {
      server = try start()
    } catch let error as SocketError where error.isAddressInUse {
      throw Self.fail("port \(port) on 127.0.0.1 is in use; stop what holds it, or choose another --port")
    }
    Terminal.say("\(datacenter) serves the peering API at http://\(server.addresses[0])")
    while Signals.next() != .stop {}
    Signals.unblockStop()
    server.stop()
  }

  private func start() throws -> ConsulServer {
    var chance = RandomSource.system
    var network = PeeringNetwork(startingAt: .wallClock)
    var settings = DatacenterSettings(
      name: ByteString(datacenter), clusterID: chance.identifier(),
      caPem: ByteString(try DevelopmentAuthority().certificatePEM),
      serverAddress: ByteString("127.0.0.1:\(UInt32(port) + 3)"))
    if let token {
      settings.access = .requiring(token: ByteString(token), accessorID: chance.identifier())
    }
    let id = network.addDatacenter(settings)
    return try ConsulServer(network, sites: [.init(id, at: .loopback(port: port))])
  }
}
