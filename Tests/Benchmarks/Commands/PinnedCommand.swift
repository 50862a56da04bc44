// benchmarks pinned: what every child begins as. Pins itself, raises its limits, then becomes the command.

import ArgumentParser
import CProcess
import Glibc

struct PinnedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pinned",
    abstract: "Run a command on given cores; ends with its parent.", shouldDisplay: false)

  @Option(help: "Bit n is core n.")
  var mask: UInt

  @Option(help: "The process that starts this one.")
  var parent: Int32

  @Argument(parsing: .postTerminator)
  var command: [String]

  func run() throws {
    try Cores(mask: mask).adopt()
    OpenFiles.raise()
    _ = cprocess_die_with_parent()
    // It may have gone before we asked to be told.
    guard getppid() == parent else { throw Trouble("the benchmark has ended") }
    var words = unsafe command.map { unsafe strdup($0) } + [nil]
    let program = command.first ?? ""
    unsafe execvp(program, &words)
    throw Trouble("\(program) cannot be run: \(Files.systemMessage())")
  }
}
