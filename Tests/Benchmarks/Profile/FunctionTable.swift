// The functions that cost most by themselves.

struct FunctionTable {
  private let rows: [(function: CallgrindProfile.Function, each: Double)]
  private let perRequest: Double

  init(_ difference: CallgrindProfile, requests: Int, count: Int) {
    perRequest = Double(difference.total) / Double(requests)
    rows = difference.own.sorted { ($0.value, $1.key.name) > ($1.value, $0.key.name) }.prefix(count).map {
      ($0.key, Double($0.value) / Double(requests))
    }
  }

  /// Mangled.
  var names: [String] { rows.map(\.function.name).filter { $0.hasPrefix("$s") } }

  func text(readable: [String: String]) -> String {
    var table = Table("instructions", "share", "object", "function")
    for row in rows {
      let name = readable[row.function.name] ?? row.function.name
      table.add([
        row.each.rounded(to: 0), (row.each / perRequest * 100).rounded(to: 1) + " %",
        String(row.function.object.prefix { $0 != "." }), String(name.prefix(110)),
      ])
    }
    return table.leftAligned(from: 2)
  }
}
