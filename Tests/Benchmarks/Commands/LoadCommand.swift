// benchmarks load: the clients, as a process of their own so that they can be pinned. Prints its figures as JSON.

import ArgumentParser

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load one proxy and print what it cost.", shouldDisplay: false)

  @Option var workload: String
  @Option var listSize = 0
  @Option var port: UInt16
  @Option var upstreamPort: UInt16
  @Option var authority: String
  @Option var connections: Int
  @Option var teams: Int
  @Option var requests: Int?
  @Option var warmUp: Double
  @Option var seconds: Double
  @Option var watch: Int32?
  @Option var watchUpstream: Int32?
  @Flag var decides = false
  @Flag var filtersLists = false

  func run() throws {
    guard let workload = Workload.named(workload) ?? (listSize > 0 ? Workload.list(listSize) : nil) else {
      throw Trouble("there is no workload \(workload)")
    }
    OpenFiles.raise()
    let plan = LoadPlan(
      workload: workload, abilities: Abilities(decides: decides, filtersLists: filtersLists), port: port,
      authorityFile: authority, connections: connections, teams: teams, requests: requests,
      warmUpSeconds: warmUp,
      seconds: seconds,
      watched: watch.map(ProcessTree.init), upstreamPort: upstreamPort,
      upstream: watchUpstream.map(ProcessTree.init))
    print(try LoadDriver.run(plan).json)
  }

  /// The words of a plan on the command line.
  static func arguments(_ plan: LoadPlan) -> [String] {
    var words = [
      "load", "--workload", plan.workload.name, "--list-size", "\(plan.workload.listSize)",
      "--port", "\(plan.port)", "--upstream-port", "\(plan.upstreamPort)", "--authority", plan.authorityFile,
      "--connections", "\(plan.connections)", "--teams", "\(plan.teams)", "--warm-up",
      "\(plan.warmUpSeconds)",
      "--seconds", "\(plan.seconds)",
    ]
    if let requests = plan.requests { words += ["--requests", "\(requests)"] }
    if let watched = plan.watched { words += ["--watch", "\(watched.root)"] }
    if let upstream = plan.upstream { words += ["--watch-upstream", "\(upstream.root)"] }
    if plan.abilities.decides { words.append("--decides") }
    if plan.abilities.filtersLists { words.append("--filters-lists") }
    return words
  }
}
