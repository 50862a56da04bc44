// The embedded Consul as its own process: one datacenter in memory, empty at first.

internal import Foundation

package final class ConsulProcess: @unchecked Sendable {
  // Unchecked: Process is used from the test's own task alone.
  package let port: UInt16
  private let folder: ScratchFolder
  private let process: Process

  package init() throws {
    folder = try ScratchFolder()
    let log = folder.path + "/log"
    process = try GateProcess.start(["consul", "--port", "0"], log: log)
    port = try GateProcess.awaitPort(process, log, after: /at http:\/\/127\.0\.0\.1:([0-9]+)/)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  package var address: String { "http://127.0.0.1:\(port)" }
}
