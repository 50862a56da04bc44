// What Peergate costs: figures to read, never a test to pass.

import ArgumentParser

@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks",
    abstract: "What Peergate costs, beside proxies that do the same work or part of it.",
    subcommands: [
      CompareCommand.self, ProfileCommand.self, AuditCommand.self, ScaleCommand.self, MicroCommand.self,
      LoadCommand.self, UpstreamCommand.self,
      PinnedCommand.self,
    ],
    defaultSubcommand: CompareCommand.self)
}
