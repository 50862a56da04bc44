// What one load generator is to do.

struct LoadPlan: Sendable {
  var workload: Workload
  var abilities: Abilities
  var port: UInt16
  var authorityFile: String
  var connections: Int
  /// Tokens that the proxy knows.
  var teams: Int
  /// Of each connection; nil: as many as there is time for.
  var requests: Int?
  var warmUpSeconds: Double
  var seconds: Double
  /// The proxy whose processor time and memory are measured.
  var watched: ProcessTree?
  var upstreamPort: UInt16
  var upstream: ProcessTree?

  var questions: Questions { Questions(workload: workload, teams: teams, connections: connections) }
}

/// What it has seen, in the window between warm-up and end.
struct LoadFigures: Sendable, Equatable {
  var requests = 0
  var seconds = 0.0
  var processorTime = ProcessorTime()
  /// Of load and upstream together, which share a core: what bounds the rate, if the proxy does not.
  var loadTime = ProcessorTime()
  /// Of the whole machine: what is more than the proxy's and the load's, others took.
  var machineTime = ProcessorTime()
  var memory = Memory()
  /// Memory before the first connection.
  var memoryBefore = Memory()
  /// Nanoseconds.
  var median: UInt64 = 0
  var percentile99: UInt64 = 0
  var protocolVersion = ""
  var resumed = 0
}
