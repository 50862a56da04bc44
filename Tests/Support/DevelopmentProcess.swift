// `peergate dev` in a scratch folder: two gates, two datacenters that peer, and nothing else.

package import Foundation
internal import TLS

package final class DevelopmentProcess: @unchecked Sendable {
  // Unchecked: Process is used from the test's own task alone.
  /// Of the gate in front of dc1; the other three are where the documentation says.
  package let port: UInt16
  package let folder: ScratchFolder
  package let process: Process
  private let logPath: String

  /// Runs in the scratch folder, with the repository's policies or `policies`.
  package init(policies: String? = nil, arguments: [String] = []) throws {
    folder = try ScratchFolder()
    logPath = folder.path + "/output"
    let samples = policies ?? GateProcess.repository.appending(path: "policies").path
    // Others may take a port between the search and the start, so that is tried again.
    for _ in 0..<10 {
      let port = try Self.freePort()
      let started = try GateProcess.start(
        ["dev", "--port", "\(port)", "--policies", samples] + arguments, log: logPath, in: folder.path)
      let log = logPath
      _ = eventually(within: 30) { !started.isRunning || Self.text(log).contains("audit.jsonl") }
      if started.isRunning {
        self.port = port
        process = started
        return
      }
      guard Self.text(logPath).contains("in use") else { break }
    }
    throw GateFailedToStart(description: Self.text(logPath))
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// What it printed so far.
  package var output: String { Self.text(logPath) }

  package func audit(_ datacenter: String) throws -> [AuditLine] {
    try AuditLog.lines(folder.path + "/.peergate/\(datacenter)-audit.jsonl")
  }

  /// One request to the gate of the first or the second datacenter, by a client that trusts what was forged.
  package func request(_ text: String, datacenter: Int = 1) throws -> RawReply {
    let settings = try ClientSettings.load(
      serverName: .ip("127.0.0.1"), authoritiesFile: folder.path + "/certs/dev/ca.pem")
    let port = datacenter == 1 ? port : port + 1_000
    return try RawClient(port: port, context: ClientContext(settings)).request(text)
  }

  /// A port that is free together with the three others that go with it.
  package static func freePort() throws -> UInt16 {
    for _ in 0..<100 {
      let port = UInt16.random(in: 12_000...30_000)
      let all = [port - 1, port, port + 999, port + 1_000]
      if all.allSatisfy({ (try? BlockingSocket.listen(port: $0)) != nil }) { return port }
    }
    throw GateFailedToStart(description: "no four free ports")
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
