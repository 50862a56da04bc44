// The table that `strace -c` prints: how often each system call was made.

struct SystemCalls: Equatable {
  var counts: [String: Int] = [:]

  init(_ counts: [String: Int] = [:]) { self.counts = counts }

  /// Lines are: share, seconds, microseconds a call, calls, errors if there were any, name.
  init(summary: String) {
    for line in summary.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 5, Double(fields[0]) != nil, let count = Int(fields[3]),
        let name = fields.last, name != "total"
      else { continue }
      counts[String(name), default: 0] += count
    }
  }

  static func - (left: SystemCalls, right: SystemCalls) -> SystemCalls {
    SystemCalls(left.counts.merging(right.counts) { $0 - $1 })
  }

  func text(requests: Int) -> String {
    var table = Table("system call", "per request")
    for (name, count) in counts.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
      let each = Double(count) / Double(requests)
      if each >= 0.005 { table.add([name, each.rounded(to: 2)]) }
    }
    table.add(["all", (Double(counts.values.reduce(0, +)) / Double(requests)).rounded(to: 2)])
    return table.text
  }
}
