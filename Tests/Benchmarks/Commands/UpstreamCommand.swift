// benchmarks upstream: the canned Consul, as its own process so that it can be pinned.

import ArgumentParser
import Sockets

struct UpstreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upstream",
    abstract: "Answer as a Consul would, from memory.", shouldDisplay: false)

  @Option var port: UInt16
  @Option var listSize = 0

  func run() throws {
    OpenFiles.raise()
    let loop = try EventLoop()
    let listener = try Listener(at: .loopback(port: port), on: loop)
    let server = ConsulServer(loop: loop, listener: listener, canned: CannedConsul(listSize: listSize))
    Task(executorPreference: loop) { await server.serve() }
    loop.run()
  }
}
