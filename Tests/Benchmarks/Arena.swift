// One upstream and the proxies before it, started for one workload, and loaded one after the other.

import TLS

/// A proxy that serves.
struct Contestant {
  let peer: any Peer
  let process: ChildProcess
  let port: UInt16
}

final class Arena {
  struct Setting {
    var proxyCores = Cores(0)
    var loadCores = Cores(1)
    var teams = Population.teams
    var workers = 1
  }

  let workload: Workload
  let setting: Setting
  private let scratch: ScratchFolder
  private let folder: String
  private let authorityFile: String
  private let certificateFile: String
  private let keyFile: String
  private let pemFile: String
  private let upstreamPort: UInt16
  private let upstream: ChildProcess
  private(set) var contestants: [Contestant] = []

  init(_ workload: Workload, setting: Setting, scratch: ScratchFolder) throws {
    self.workload = workload
    self.setting = setting
    self.scratch = scratch
    let authority = try DevelopmentAuthority(commonName: "Benchmark CA")
    let server = try authority.issueServer(names: [.dns("localhost"), .ip("127.0.0.1")], key: workload.key)
    folder = try scratch.folder(workload.name)
    let keys = try scratch.folder("\(workload.name)/keys")
    authorityFile = try Files.write("\(keys)/ca.pem", authority.certificatePEM)
    certificateFile = try Files.write("\(keys)/server.pem", server.certificatePEM)
    keyFile = try Files.write("\(keys)/server.key", server.privateKeyPEM, permissions: 0o600)
    pemFile = try Files.write(
      "\(keys)/both.pem", server.certificatePEM + server.privateKeyPEM, permissions: 0o600)
    upstreamPort = try Ports.free()
    let command = [
      try ChildProcess.ownPath, "upstream", "--port", "\(upstreamPort)", "--list-size",
      "\(workload.listSize)",
    ]
    upstream = try ChildProcess(
      "the upstream", command, cores: setting.loadCores, log: "\(folder)/upstream.log")
    try upstream.awaitPort(upstreamPort)
  }

  /// - Parameters:
  ///   - tool: words before the command: a profiler.
  ///   - patience: seconds until it must listen.
  func start(_ peer: any Peer, under tool: [String] = [], patience: Double = 20) throws -> Contestant {
    let folder = try scratch.folder("\(workload.name)/\(peer.name)")
    let port = try Ports.free()
    let site = Site(
      folder: folder, port: port, upstreamPort: upstreamPort, pemFile: pemFile,
      certificateFile: certificateFile, keyFile: keyFile, teams: setting.teams,
      listBytes: CannedConsul.listBytes(workload.listSize), workers: setting.workers)
    let launch = try peer.prepare(site)
    // What a run before has left there would stand under what this one writes.
    if let output = launch.output { try Files.write(output, "") }
    let process = try ChildProcess(
      peer.name, tool + launch.command, cores: setting.proxyCores, log: "\(folder)/log",
      output: launch.output)
    try process.awaitPort(port, seconds: patience)
    let contestant = Contestant(peer: peer, process: process, port: port)
    contestants.append(contestant)
    return contestant
  }

  /// Loads one proxy once. What it answers is checked on the way.
  func run(
    _ contestant: Contestant, connections: Int, requests: Int? = nil, warmUp: Double = 0, seconds: Double = 1
  ) throws -> LoadFigures {
    let plan = LoadPlan(
      workload: workload, abilities: contestant.peer.abilities, port: contestant.port,
      authorityFile: authorityFile, connections: connections, teams: setting.teams, requests: requests,
      warmUpSeconds: warmUp,
      seconds: seconds,
      watched: contestant.process.tree, upstreamPort: upstreamPort,
      upstream: upstream.tree)
    let log = "\(folder)/load.log"
    let output = "\(folder)/load.json"
    for file in [log, output] { try Files.write(file, "") }
    let load = try ChildProcess(
      "the load", [try ChildProcess.ownPath] + LoadCommand.arguments(plan), cores: setting.loadCores,
      log: log,
      output: output)
    let status = load.exitStatus(waiting: true)
    // Why it has ended says more than that it could not be reached.
    if let status = contestant.process.exitStatus() {
      throw Trouble("\(contestant.peer.name) ended (status \(status)): \(contestant.process.lastWords)")
    }
    guard status == 0 else { throw Trouble("\(contestant.peer.name): \(load.lastWords)") }
    return try LoadFigures(json: Files.read(output) ?? [])
  }

  func stop() {
    for contestant in contestants {
      contestant.process.stop()
      scratch.discard("\(workload.name)/\(contestant.peer.name)")
    }
    upstream.stop()
    contestants = []
  }
}
