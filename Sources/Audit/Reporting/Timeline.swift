// How many requests came when.
import Bytes

struct Timeline: Sendable {
  private static let outcomes: [(outcome: ByteString, name: String)] = [
    ("allow", "allowed"), ("deny", "denied"), ("refuse", "refused"),
  ]
  /// Bars in a row: as many as can be told apart.
  private static let bars: Int64 = 60

  private var hours: [Int64: [Int]] = [:]

  mutating func add(_ outcome: ByteString?, at time: WallTime?) {
    guard let time, let index = Self.outcomes.firstIndex(where: { $0.outcome == outcome }) else { return }
    let hour = time.microseconds / 3_600_000_000
    guard hours[hour] != nil || hours.count < AuditLimits.reportKeys else { return }
    hours[hour, default: [0, 0, 0]][index] += 1
  }

  var chart: ReportChart? {
    guard let first = hours.keys.min(), let last = hours.keys.max() else { return nil }
    let width = (last - first) / Self.bars + 1
    let count = Int((last - first) / width) + 1
    var series = Self.outcomes.map { _ in [Int](repeating: 0, count: count) }
    for (hour, counts) in hours {
      for (index, value) in counts.enumerated() { series[index][Int((hour - first) / width)] += value }
    }
    var formatter = TimestampFormatter()
    let labels = (0..<count).map { index in
      formatter.format(WallTime(microseconds: (first + Int64(index) * width) * 3_600_000_000))
      let hour = formatter.text.prefix(13).map { $0 == UInt8(ascii: "T") ? UInt8(ascii: " ") : $0 }
      return String(decoding: hour, as: UTF8.self) + " h"
    }
    let sums = zip(Self.outcomes, series).map { "\($1.reduce(0, +)) \($0.name)" }
    return ReportChart(
      title: "Requests over time",
      description: sums.joined(separator: ", ")
        + "; each bar is \(width == 1 ? "an hour" : "\(width) hours"), "
        + "from \(labels.first ?? "") to \(labels.last ?? "") UTC.",
      labels: labels,
      series: zip(Self.outcomes, series).map { ReportChart.Series(name: $0.name, values: $1) })
  }
}
