// peergate replay: yesterday's audit through tomorrow's policies.

import ArgumentParser
import Bytes
import Policy

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Ask candidate policies everything that an audit file says was decided.",
    discussion: """
      Shows each decision that would change, grouped by what decided then, what would decide now, and \
      for whom:

        peergate replay --policies candidate/ /var/log/peergate/audit.jsonl

      Tokens are recognised by their accessor IDs. Requests are judged at the time of their records. \
      What lists show is not compared, only whether they are answered.

      Exit status: 0 nothing would change, 2 something would, 1 a file or the policies cannot be read.
      """)

  @Option(help: "The folder of the candidate policies.")
  var policies: String

  @Argument(help: "Audit files, oldest first; - is standard input.")
  var files: [String]

  func run() throws {
    let candidate = try Self.loadPolicies(policies)
    var replay = Replay(through: candidate)
    for file in files {
      do throws(LineReader.Fault) {
        try LineReader.forEachLine(of: file) { replay.read($0) }
      } catch {
        throw Self.fail("\(error)")
      }
    }
    replay.finish()
    report(replay)
    if replay.changeCount > 0 { throw ExitCode(2) }
  }

  private func report(_ replay: Replay) {
    for (group, changes) in replay.groups.sorted(by: { $0.key < $1.key }) {
      let title = group.direction == .allowToDeny ? "no longer allowed" : "newly allowed"
      Terminal.show(
        """
        \(title): \(group.subject.shown), \(changes.count == 1 ? "once" : "\(changes.count) times")
          then  \(group.before.shown)
          now   \(group.after.shown)
          first \(changes.question), line \(changes.line)
        """)
    }
    for line in replay.brokenLines { Self.complain("line \(line): not JSON, left out") }
    var summary = "\(replay.decisionCount) decisions asked again, \(replay.changeCount) would change"
    if replay.unknownTokenCount > 0 {
      summary += "; \(replay.unknownTokenCount) with unknown tokens left out"
    }
    Terminal.say(summary)
  }
}
