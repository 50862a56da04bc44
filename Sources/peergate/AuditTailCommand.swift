// peergate audit tail: decisions as they are made.

import ArgumentParser
import Audit

struct AuditTail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Show the end of a log, readable, and what is added to it.",
    discussion: """
      Follows the log over rotation and renaming until it is interrupted. The columns: time, token, \
      operation, peer, decision, status, duration, and the rule or reason that decided. The intent of a \
      change has ... for a status.
      """)

  @Argument(help: "The live file of the log.")
  var file: String

  @Option(name: [.customShort("n"), .long], help: "Lines to show before following.")
  var lines = 10

  @Flag(inversion: .prefixedNo, help: "Whether to wait for more.")
  var follow = true

  func validate() throws {
    guard lines >= 0 else { throw ValidationError("--lines takes a number from 0") }
  }

  func run() throws {
    let follower = LogFollower(file)
    let hasColour = Terminal.hasColour
    do throws(VerificationError) {
      try follower.open()
      var last: [String] = []
      _ = try follower.readOn { line in
        guard let entry = RecordedEntry(line) else { return }
        last.append(RecordLine(entry, hasColour: hasColour).text)
        // Cut in steps, since the front of an array is dear to take away.
        if last.count > 2 * lines + 1_000 { last.removeFirst(last.count - lines) }
      }
      for line in last.suffix(lines) { Terminal.say(line) }
      while follow {
        let hasCome = try follower.readOn { line in
          if let entry = RecordedEntry(line) { Terminal.say(RecordLine(entry, hasColour: hasColour).text) }
        }
        if !hasCome { follower.pause() }
      }
    } catch {
      throw Self.fail("\(error)")
    }
  }
}
