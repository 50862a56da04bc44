// benchmarks scale: whether the cost of a request stays as everything around it grows.

import ArgumentParser

struct ScaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Measure the gate with more workers, connections, tokens and peerings.",
    discussion: """
      '× first' is that row's cost over the first row's. Two workers have both cores and share them with the load, so \
      that their requests per second say little on a machine of two; what they cost each does.
      """)

  enum Axis: String, CaseIterable, ExpressibleByArgument {
    case workers, connections, tokens, list
  }

  @Option(
    name: .customLong("axis"), parsing: .upToNextOption,
    help: "Which to grow; all by default: workers, connections, tokens, list.")
  var axes: [Axis] = []

  @OptionGroup var effort: Effort

  @Option(help: "The gate to measure; that of this build by default.")
  var program: String?

  private struct Point {
    let gate: Peergate
    var workload = Workload.allowedGet
    var setting: Arena.Setting
    var connections: Int
  }

  func run() throws {
    let gate = try program ?? PeerSearch.ownGate
    try effort.play { tournament, record in
      for axis in axes.isEmpty ? Axis.allCases : axes {
        var series = Record()
        let points = points(axis, gate)
        // Round by round, each point once in each: what disturbs the machine disturbs all of them.
        for round in tournament.rounds {
          for point in points {
            var once = tournament
            once.rounds = round...round
            once.connections = point.connections
            try once.play(point.workload, [point.gate], setting: point.setting, into: &series)
          }
        }
        for name in Set(points.map(\.workload.name)) { series.rename(name, to: axis.rawValue) }
        let rows = points.map { point in
          ScaleTable.Row(
            label: point.gate.name, peerings: axis == .list ? point.workload.listSize : nil,
            figures: series.figures(axis.rawValue, point.gate.name),
            absence: series.absence(axis.rawValue, point.gate.name)?.reason)
        }
        Console.show(ScaleTable(axis: axis.rawValue, title: title(axis), rows: rows).text)
        record.add(series, as: axis.rawValue)
      }
    }
  }

  private func title(_ axis: Axis) -> String {
    axis == .list ? "a list filtered to a tenth" : Workload.allowedGet.title
  }

  private func points(_ axis: Axis, _ gate: String) -> [Point] {
    func point(_ label: String) -> Point {
      Point(
        gate: Peergate(program: gate, variant: label), setting: effort.setting,
        connections: effort.connections)
    }
    switch axis {
    case .workers:
      return [1, 2].map { count in
        var point = point(count == 1 ? "1 worker" : "\(count) workers")
        point.setting.workers = count
        if count == 2 { point.setting.proxyCores = Cores(effort.proxyCore, effort.loadCore) }
        return point
      }
    case .connections:
      return [1, 10, 100, 1_000, 10_000].map { count in
        var point = point("\(count) connections")
        point.connections = count
        return point
      }
    case .tokens:
      return [10, 100, 1_000, 10_000, 100_000].map { count in
        var point = point("\(count) tokens")
        point.setting.teams = count
        // Else only as many of them would be used as there are connections.
        point.workload = .mixedGet
        return point
      }
    case .list:
      return [10, 100, 1_000, 10_000, 100_000].map { count in
        var point = point("\(count) peerings")
        point.workload = .list(count)
        point.connections = Self.clientsOfLists
        point.workload.connections = Self.clientsOfLists
        return point
      }
    }
  }

  /// Few, so that an answer of 54 MB fits into the window.
  private static let clientsOfLists = 2
}
