// How the cost of a request changes as something around it grows.

struct ScaleTable {
  /// What grows, and its values, in the order of the rows.
  let axis: String
  let title: String
  let rows: [Row]

  struct Row {
    let label: String
    /// How many peerings each request looks at, where that is what grows.
    var peerings: Int?
    let figures: [LoadFigures]
    let absence: String?
  }

  var text: String {
    let hasPeerings = rows.contains { $0.peerings != nil }
    var table = Table(
      "", "CPU µs", "user", "system", "spread", hasPeerings ? "ns per peering" : "× first", "req/s", "busy",
      "p50 µs", "p99 µs", "PSS MB")
    for row in rows {
      guard let processor = Statistics.median(row.figures.map(\.processorEach)) else {
        table.add([row.label, row.absence ?? "not measured"])
        continue
      }
      func median(_ value: (LoadFigures) -> Double, _ digits: Int) -> String {
        (Statistics.median(row.figures.map(value)) ?? 0).rounded(to: digits)
      }
      let values = row.figures.map(\.processorEach)
      let change =
        row.peerings.map { (processor * 1_000 / Double($0)).rounded(to: 0) }
        ?? (Statistics.medianRatio(values, over: rows[0].figures.map(\.processorEach)) ?? 0).rounded(to: 2)
      table.add([
        row.label, processor.rounded(to: 1), median(\.userEach, 1), median(\.systemEach, 1),
        "\((values.min() ?? 0).rounded(to: 1))–\((values.max() ?? 0).rounded(to: 1))", change,
        median(\.requestsPerSecond, 0), median({ $0.busy * 100 }, 0) + " %",
        median({ Double($0.median) / 1_000 }, 0), median({ Double($0.percentile99) / 1_000 }, 0),
        median({ Double($0.memory.proportionalKilobytes) / 1_024 }, 1),
      ])
    }
    return "\n\(axis): \(title)\n" + table.text + Comparison.disturbance(rows.flatMap(\.figures))
  }
}
