// The command line: one file per subcommand.
import ArgumentParser

@main
struct Peergate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "peergate")
}
