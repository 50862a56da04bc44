// The table of one workload: medians, and each proxy beside the first.

struct Comparison {
  let workload: Workload
  let record: Record
  let peers: [any Peer]
  /// What the table is of, where the workload's own title does not say it.
  var title: String?

  var text: String {
    workload.isCrowd ? memoryTable : timeTable
  }

  private var timeTable: String {
    var table = Table(
      "", "CPU µs", "user", "system", "spread", "ratio", "per core", "req/s", "busy", "p50 µs", "p99 µs",
      "PSS MB", "load µs")
    let first = peers.first.map { record.figures(workload.name, $0.name) } ?? []
    for peer in peers {
      let figures = record.figures(workload.name, peer.name)
      guard let processor = Statistics.median(figures.map(\.processorEach)) else {
        continue
      }
      let values = figures.map(\.processorEach)
      func median(_ value: (LoadFigures) -> Double, _ digits: Int) -> String {
        (Statistics.median(figures.map(value)) ?? 0).rounded(to: digits)
      }
      let ratio = Statistics.medianRatio(first.map(\.processorEach), over: values)
      table.add([
        peer.name, processor.rounded(to: 1), median(\.userEach, 1), median(\.systemEach, 1),
        "\((values.min() ?? 0).rounded(to: 1))–\((values.max() ?? 0).rounded(to: 1))",
        peer.name == peers[0].name ? "" : (ratio ?? 0).rounded(to: 2),
        (1_000_000 / processor).rounded(to: 0),
        median(\.requestsPerSecond, 0), median({ $0.busy * 100 }, 0) + " %",
        median({ Double($0.median) / 1_000 }, 0), median({ Double($0.percentile99) / 1_000 }, 0),
        median({ Double($0.memory.proportionalKilobytes) / 1_024 }, 1), median(\.loadEach, 1),
      ])
    }
    return heading + table.text + absences + suites
      + Self.disturbance(peers.flatMap { record.figures(workload.name, $0.name) })
  }

  private var memoryTable: String {
    var table = Table("", "kB each", "spread", "ratio", "PSS before", "PSS after", "RSS before", "RSS after")
    let first = peers.first.map { record.figures(workload.name, $0.name) } ?? []
    for peer in peers {
      let figures = record.figures(workload.name, peer.name)
      let values = figures.map(\.kilobytesEach)
      guard let each = Statistics.median(values) else {
        continue
      }
      func megabytes(_ value: (LoadFigures) -> Int) -> String {
        (Statistics.median(figures.map { Double(value($0)) / 1_024 }) ?? 0).rounded(to: 1) + " MB"
      }
      let ratio = Statistics.medianRatio(first.map(\.kilobytesEach), over: values)
      table.add([
        peer.name, each.rounded(to: 1),
        "\((values.min() ?? 0).rounded(to: 1))–\((values.max() ?? 0).rounded(to: 1))",
        peer.name == peers[0].name ? "" : (ratio ?? 0).rounded(to: 2),
        megabytes(\.memoryBefore.proportionalKilobytes), megabytes(\.memory.proportionalKilobytes),
        megabytes(\.memoryBefore.residentKilobytes), megabytes(\.memory.residentKilobytes),
      ])
    }
    return heading + table.text + absences + suites
  }

  /// A sentence, if the machine was not the benchmark's alone: its noise is in the percentiles first of all.
  static func disturbance(_ figures: [LoadFigures]) -> String {
    guard let others = Statistics.median(figures.map(\.others)), others >= tolerated else { return "" }
    return
      "\nother programs used \((others * 100).rounded(to: 0)) % of a core meanwhile: repeat it on a quiet machine"
  }

  /// In cores.
  private static let tolerated = 0.1

  /// A sentence, if the proxies did not agree on one cipher with the client: then they did not do the same work.
  private var suites: String {
    let spoken = peers.compactMap { peer in
      record.figures(workload.name, peer.name).last.map { (peer.name, $0.protocolVersion) }
    }
    guard Set(spoken.map(\.1)).count > 1 else { return "" }
    return "\nnot the same cipher suite: " + spoken.map { "\($0) \($1)" }.joined(separator: ", ")
  }

  private var absences: String {
    peers.compactMap { peer in
      record.absence(workload.name, peer.name).map {
        "\n\(peer.name): \($0.isFailure ? "failed: " : "")\($0.reason)"
      }
    }.joined()
  }

  private var heading: String { "\n\(title ?? "\(workload.name): \(workload.title)")\n" }
}
