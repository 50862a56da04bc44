// peergate replay: decisions on record, asked again of other policies.

import ArgumentParser
import Audit
import Bytes
import Policy

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Ask other policies everything that an audit file says was decided.",
    discussion: """
      Shows each decision that would change, grouped by what decided then, what would decide now, and \
      for whom:

        peergate replay --policies new/ /var/log/peergate/audit.jsonl

      Tokens are recognised by their accessor IDs. Requests are judged at the time of their records. \
      What lists show is not compared, only whether they are answered.

      Exit status: 0 nothing would change, 2 something would or a line cannot be read, 1 a file or the policies cannot be read.
      """)

  @Option(help: "The folder of the policies to be asked.")
  var policies: String

  @Argument(help: "Audit files, in any order; - is standard input.")
  var files: [String]

  func run() throws {
    let policies = try Self.loadPolicies(self.policies)
    var replay = Replay(through: policies)
    let absence: String?
    do throws(ReadingError) {
      absence = try DecisionFiles(files) { replay.read($0, length: $1) }.absence
    } catch {
      throw Self.fail("\(error)")
    }
    replay.finish()
    report(replay)
    if let absence { Self.complain("\(absence), and were not asked again") }
    try Self.endIfUnreadable(replay.decisions.unreadableCount)
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
    for line in replay.decisions.brokenLines { Self.complain("line \(line): no record, left out") }
    if replay.decisions.brokenCount > replay.decisions.brokenLines.count {
      Self.complain("\(replay.decisions.brokenCount) such lines altogether")
    }
    var summary = "\(replay.decisionCount) decisions asked again, \(replay.changeCount) would change"
    let leftOut = [
      replay.unknownTokenCount > 0 ? "\(replay.unknownTokenCount) with unknown tokens" : "",
      replay.decisions.leftOut,
    ].filter { !$0.isEmpty }
    if !leftOut.isEmpty { summary += "; left out: " + leftOut.joined(separator: ", ") }
    Terminal.say(summary)
  }
}
