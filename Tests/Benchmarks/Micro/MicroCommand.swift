// benchmarks micro: single stages of the walk, in one process.

import ArgumentParser

struct MicroCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micro",
    abstract: "Time single stages in this process: parsing, deciding, filtering, recording.",
    discussion: "Processor time of one call: the best of several rounds, since noise only ever adds.")

  @Flag(name: .customLong("extremes"), help: "Time the longest pieces of work instead: the greatest inputs.")
  var isExtreme = false

  func run() throws {
    var table = Table("stage", "ns", "bytes", "MB/s")
    let rows =
      try isExtreme ? Extremes.rows() : Heads.rows() + Lists.rows() + Records.rows() + Decisions.rows()
    for row in rows { table.add(row.cells) }
    Console.show(table.text)
  }
}

/// One stage, and what it was given.
struct MicroRow {
  let stage: String
  let nanoseconds: Int
  var bytes: Int?

  var cells: [String] {
    guard let bytes, nanoseconds > 0 else { return [stage, "\(nanoseconds)"] }
    return [
      stage, "\(nanoseconds)", "\(bytes)", (Double(bytes) * 1_000 / Double(nanoseconds)).rounded(to: 0),
    ]
  }
}

/// Keeps the optimiser from leaving out work whose result nobody looks at.
@inline(never) func keep<Value: ~Copyable>(_ value: borrowing Value) {}
