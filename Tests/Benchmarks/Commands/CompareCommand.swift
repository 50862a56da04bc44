// benchmarks compare: Peergate and whichever proxies are found, at the same work, in turns.

import ArgumentParser

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the cost of a request with that of other proxies.",
    discussion: """
      Starts a canned Consul, Peergate and whichever of nginx (with njs), HAProxy, Envoy and hitch it finds, each with \
      a configuration that does the same job as nearly as it can, and loads them in turns over loopback. The proxies \
      run on one core, load and upstream on another. Every answer is checked. Nothing is installed or changed.

      CPU is the processor time of the proxy's processes for each request, and the figure to look at: 'ratio' is \
      Peergate's over the other's, the median of the rounds. 'busy' is how much of its core the proxy used: where it \
      is well below 100 %, the core of the load was the bound of req/s, and 'per core' says what CPU alone would allow.
      """)

  @Option(
    name: .customLong("workload"), parsing: .upToNextOption,
    help: "Which to run; all by default. `--list` names them.")
  var workloads: [String] = []

  @Option(
    name: .customLong("peer"), parsing: .upToNextOption,
    help: "Which proxies beside Peergate; all that are found by default.")
  var peers: [String] = []

  @Flag(help: "Peergate alone, whatever else is there.")
  var alone = false

  @Option(
    name: .customLong("program"), parsing: .upToNextOption,
    help: "Where a proxy's program is, as envoy=/opt/envoy.")
  var programs: [String] = []

  @OptionGroup var effort: Effort

  @Flag(help: "Name the workloads and the proxies that are found, and end.")
  var list = false

  func validate() throws {
    for name in workloads where Workload.named(name) == nil {
      throw ValidationError(
        "there is no workload \(name): \(Workload.all.map(\.name).joined(separator: ", "))")
    }
  }

  func run() throws {
    let search = try PeerSearch(
      wanted: alone ? [] : peers.isEmpty ? PeerSearch.names : peers, programs: programs)
    for sentence in search.sentences { Console.note(sentence) }
    let chosen = workloads.isEmpty ? Workload.all : workloads.compactMap(Workload.named)
    if list {
      for workload in chosen { print("\(workload.name): \(workload.title)") }
      for peer in search.peers { print("\(peer.name): \(peer.note)") }
      return
    }
    try effort.play { tournament, record in
      for workload in chosen {
        try tournament.play(workload, search.peers, setting: effort.setting, into: &record)
        Console.show(Comparison(workload: workload, record: record, peers: search.peers).text)
      }
    }
  }
}
