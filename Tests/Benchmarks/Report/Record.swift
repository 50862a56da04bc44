// Every run that was made, and what it showed.

import JSON

struct Record {
  struct Run {
    /// The workload's name, or that of a series of them.
    let workload: String
    let peer: String
    let round: Int
    let figures: LoadFigures
  }

  /// Why there are no figures.
  struct Absence {
    let workload: String
    let peer: String
    let reason: String
    /// It was tried, and something was wrong.
    let isFailure: Bool
  }

  var runs: [Run] = []
  private(set) var absences: [Absence] = []

  var hasFailures: Bool { absences.contains(where: \.isFailure) }

  mutating func note(_ workload: Workload, _ peer: any Peer, _ reason: String, isFailure: Bool = false) {
    if isFailure { Console.note("\(workload.name): \(reason)") }
    absences.append(.init(workload: workload.name, peer: peer.name, reason: reason, isFailure: isFailure))
    runs.removeAll { $0.workload == workload.name && $0.peer == peer.name }
  }

  /// Takes over what another has, under its own name.
  mutating func add(_ other: Record, as name: String) {
    runs += other.runs.map { Run(workload: name, peer: $0.peer, round: $0.round, figures: $0.figures) }
    absences += other.absences.map {
      Absence(workload: name, peer: $0.peer, reason: $0.reason, isFailure: $0.isFailure)
    }
  }

  mutating func rename(_ workload: String, to name: String) {
    var renamed = Record()
    renamed.runs = runs.filter { $0.workload == workload }
    renamed.absences = absences.filter { $0.workload == workload }
    runs.removeAll { $0.workload == workload }
    absences.removeAll { $0.workload == workload }
    add(renamed, as: name)
  }

  func hasFailed(_ workload: Workload, _ peer: any Peer) -> Bool {
    absence(workload.name, peer.name)?.isFailure ?? false
  }

  func absence(_ workload: String, _ peer: String) -> Absence? {
    absences.first { $0.workload == workload && $0.peer == peer }
  }

  func figures(_ workload: String, _ peer: String) -> [LoadFigures] {
    runs.filter { $0.workload == workload && $0.peer == peer }.sorted { $0.round < $1.round }.map(\.figures)
  }

  var json: [UInt8] {
    var writer = Writer()
    writer.beginObject()
    writer.key("cores")
    writer.number(Cores.count)
    writer.key("runs")
    writer.beginArray()
    for run in runs {
      writer.beginObject()
      writer.key("workload")
      writer.string(run.workload)
      writer.key("peer")
      writer.string(run.peer)
      writer.key("round")
      writer.number(run.round)
      writer.key("figures")
      run.figures.write(to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.key("absent")
    writer.beginArray()
    for absence in absences {
      writer.beginObject()
      writer.key("workload")
      writer.string(absence.workload)
      writer.key("peer")
      writer.string(absence.peer)
      writer.key("reason")
      writer.string(absence.reason)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.finish() + [UInt8(ascii: "\n")]
  }
}

extension LoadFigures {
  private func each(_ microseconds: Double) -> Double { requests > 0 ? microseconds / Double(requests) : 0 }

  /// Microseconds of the proxy's processor time for each request.
  var userEach: Double { each(processorTime.userMicroseconds) }
  var systemEach: Double { each(processorTime.systemMicroseconds) }
  var processorEach: Double { userEach + systemEach }
  /// The same of load and upstream.
  var loadEach: Double { each(loadTime.userMicroseconds + loadTime.systemMicroseconds) }
  var requestsPerSecond: Double { seconds > 0 ? Double(requests) / seconds : 0 }
  /// How much of the time the proxy ran, in cores. Well below one, the load was the bound and not the proxy.
  var busy: Double {
    seconds > 0
      ? (processorTime.userMicroseconds + processorTime.systemMicroseconds) / seconds / 1_000_000 : 0
  }
  /// How much other programs ran meanwhile, in cores.
  var others: Double {
    guard seconds > 0 else { return 0 }
    let rest = machineTime - processorTime - loadTime
    return max(0, (rest.userMicroseconds + rest.systemMicroseconds) / seconds / 1_000_000)
  }
  /// Kilobytes that each connection added.
  var kilobytesEach: Double {
    requests > 0
      ? Double(memory.proportionalKilobytes - memoryBefore.proportionalKilobytes) / Double(requests) : 0
  }
}
