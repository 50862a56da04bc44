// How long and how often a command measures, where, and what it leaves behind.

import ArgumentParser

struct Effort: ParsableArguments {
  @Option(name: .customLong("repeat"), help: "Rounds; everything that is compared runs once in each.")
  var rounds = 5

  @Option(help: "Seconds of each measured window.")
  var seconds = 2.0

  @Option(help: "Clients at once, each with one connection.")
  var connections = 32

  @Option(help: "The core of the proxies.")
  var proxyCore = 0

  @Option(help: "The core of load and upstream.")
  var loadCore = 1

  @Option(name: .customLong("json"), help: "Write the raw figures of every run to this file.")
  var jsonFile: String?

  @Option(help: "Keep configurations and logs in this folder.")
  var keep: String?

  func validate() throws {
    guard (1...100).contains(rounds), (0.1...60).contains(seconds), (1...10_000).contains(connections) else {
      throw ValidationError("--repeat is 1 to 100, --seconds 0.1 to 60, --connections 1 to 10000")
    }
    guard proxyCore != loadCore, max(proxyCore, loadCore) < Cores.count, min(proxyCore, loadCore) >= 0 else {
      throw ValidationError(
        "--proxy-core and --load-core are two different ones of 0 to \(Cores.count - 1); with one core there is "
          + "nothing to compare")
    }
  }

  var setting: Arena.Setting {
    Arena.Setting(proxyCores: Cores(proxyCore), loadCores: Cores(loadCore))
  }

  /// Runs `games` with everything tidied up afterwards, and keeps the figures if that was asked for, also those of a run
  /// that broke off.
  func play(_ games: (Tournament, inout Record) throws -> Void) throws {
    Children.endOnSignal()
    OpenFiles.raise()
    defer { Children.end() }
    let scratch = try ScratchFolder(kept: keep)
    let tournament = Tournament(
      rounds: 1...rounds, seconds: seconds, connections: connections, scratch: scratch)
    var record = Record()
    defer {
      if let jsonFile, (try? Files.write(jsonFile, record.json)) == nil {
        Console.note("\(jsonFile) cannot be written: the raw figures are lost")
      }
    }
    try games(tournament, &record)
    if record.hasFailures { throw ExitCode.failure }
  }
}
