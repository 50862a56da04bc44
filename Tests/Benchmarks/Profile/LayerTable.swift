// Instructions of one request by layer, with what each layer lets libraries do for it.

/// A library's instructions are charged to the layer that called it, over however many of the library's own functions:
/// where a function has several callers, in proportion to what callgrind has seen each of the calls cost.
struct LayerTable {
  struct Row: Equatable {
    var own = 0.0
    var libraries: [Layer.Library: Double] = [:]
    var sum: Double { own + libraries.values.reduce(0, +) }
  }

  /// What nobody of the gate has called, and the library that runs its tasks.
  static let rest = "tasks"

  let perRequest: Double
  private(set) var rows: [String: Row] = [:]

  /// `difference` holds what `requests` requests have cost.
  init(_ difference: CallgrindProfile, requests: Int) {
    let scale = 1 / Double(requests)
    perRequest = Double(difference.total) * scale
    let shares = Self.shares(difference)
    for (function, count) in difference.own {
      let each = Double(count) * scale
      switch Layer.owner(of: function) {
      case .layer(let name): rows[name, default: Row()].own += each
      case .library(.concurrency): rows[Self.rest, default: Row()].own += each
      case .library(let library):
        for (name, share) in shares[function] ?? [Self.rest: 1] {
          rows[name, default: Row()].libraries[library, default: 0] += each * share
        }
      }
    }
  }

  /// For each function of a library, which layers it worked for. Functions call each other in circles, so the shares
  /// are found by going round until they stand.
  private static func shares(_ profile: CallgrindProfile) -> [CallgrindProfile.Function: [String: Double]] {
    var callers: [CallgrindProfile.Function: [(CallgrindProfile.Function, Double)]] = [:]
    for (call, cost) in profile.calls where cost > 0 && isLibrary(call.callee) && call.caller != call.callee {
      callers[call.callee, default: []].append((call.caller, Double(cost)))
    }
    var shares: [CallgrindProfile.Function: [String: Double]] = [:]
    for _ in 0..<rounds {
      for (function, edges) in callers {
        var mine: [String: Double] = [:]
        for (caller, cost) in edges {
          for (name, share) in layers(caller, shares) { mine[name, default: 0] += cost * share }
        }
        let sum = mine.values.reduce(0, +)
        if sum > 0 { shares[function] = mine.mapValues { $0 / sum } }
      }
    }
    return shares
  }

  private static let rounds = 12

  private static func layers(
    _ caller: CallgrindProfile.Function, _ shares: [CallgrindProfile.Function: [String: Double]]
  ) -> [String: Double] {
    switch Layer.owner(of: caller) {
    case .layer(let name): [name: 1]
    case .library(.concurrency): [rest: 1]
    case .library: shares[caller] ?? [:]
    }
  }

  private static func isLibrary(_ function: CallgrindProfile.Function) -> Bool {
    switch Layer.owner(of: function) {
    case .layer, .library(.concurrency): false
    case .library: true
    }
  }

  var text: String {
    var table = Table("layer", "sum", "share", "own code", "Swift library", "OpenSSL", "C library")
    for name in Layer.own + [Self.rest] {
      guard let row = rows[name], row.sum >= 0.5 else { continue }
      func cell(_ library: Layer.Library) -> String { (row.libraries[library] ?? 0).rounded(to: 0) }
      table.add([
        name, row.sum.rounded(to: 0), (row.sum / perRequest * 100).rounded(to: 1) + " %",
        row.own.rounded(to: 0),
        cell(.swiftRuntime), cell(.cryptography), cell(.system),
      ])
    }
    table.add(["one request", perRequest.rounded(to: 0), "100.0 %"])
    return table.text
  }
}
