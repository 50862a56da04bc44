// benchmarks micro: single stages of the walk, in one process.

import ArgumentParser

struct MicroCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micro",
    abstract: "Time single stages in this process: parsing, deciding, filtering, recording.")

  func run() throws { try Decisions.run() }
}
