// peergate unused: what is granted and not needed.

import ArgumentParser
import Audit
import Bytes
import Policy

struct UnusedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unused",
    abstract: "List rules, policies and tokens that an audit log shows no use of.",
    discussion: """
      Every decision of the log is asked again, to see which rule it needs today:

        peergate unused --policies policies --since 90d audit*.jsonl

      A rule that denies is used when it denies. A list needs one rule; that others showed names in it is said \
      beside them. With --since, uses before it are told and do not count.

      Exit status: 0 everything is used, 2 something is not or a line cannot be read, 1 a file or the policies cannot be read.
      """)

  @Option(help: "The folder of the policies.")
  var policies: String

  @Option(help: "Uses before it do not count: so long ago (30d, 2w), a date or a time.")
  var since: String?

  @Argument(help: "Audit files, in any order; - is standard input.")
  var files: [String]

  func validate() throws { _ = try PeriodOptions.period(since: since, until: nil) }

  func run() throws {
    let set = try Self.loadPolicies(policies)
    let start = try PeriodOptions.period(since: since, until: nil).start
    var use = PolicyUse(of: set, since: start.map { Timestamp(seconds: $0.microseconds / 1_000_000) })
    let absence: String?
    do throws(ReadingError) {
      absence = try DecisionFiles(files) { use.read($0, length: $1) }.absence
    } catch {
      throw Self.fail("\(error)")
    }
    use.finish()
    report(use, set)
    if let absence { Self.complain("\(absence), which may have used what is listed") }
    try Self.endIfUnreadable(use.decisions.unreadableCount)
    let nothing =
      use.unusedRules.isEmpty && use.unusedWrites.isEmpty && use.unusedPolicies.isEmpty
      && use.unusedTokens.isEmpty && use.unusedGrants.isEmpty
    if !nothing { throw ExitCode(2) }
  }

  private func report(_ use: PolicyUse, _ set: PolicySet) {
    section(
      "rules without use",
      use.unusedRules.map { rule in
        let list = rule.lastList.map { "; its tokens' lists may show names by it, last \($0.text)" } ?? ""
        return "\(rule.rule.citation)  [policy \(rule.rule.policy)]  \(Self.last(rule.lastUse))\(list)"
      })
    section(
      "rules that grant write and served reads alone",
      use.unusedWrites.map {
        "\($0.rule.citation)  [policy \($0.rule.policy)]  "
          + ($0.lastChange.map { "last change \($0.text)" } ?? "no change")
          + ", last read \($0.lastUse?.text ?? "-")"
      })
    section("policies without use", use.unusedPolicies.map(\.shown))
    section(
      "tokens without use",
      use.unusedTokens.map { token in
        let denial = token.lastDenial.map { ", last denied \($0.text)" } ?? ""
        return "\(token.name.shown) (\(token.accessorID.text))  \(Self.last(token.lastUse))\(denial)"
      })
    section(
      "policies that a token has and does not use",
      use.unusedGrants.map { "\($0.token.shown): \($0.policy.shown)" })
    var summary =
      "\(use.decisionCount) decisions; without use: \(use.unusedRules.count) of \(use.rules.count) rules, "
      + "\(use.unusedPolicies.count) of \(set.policies.count) policies, \(use.unusedTokens.count) of "
      + "\(use.tokens.count) tokens"
    if use.differentCount > 0 {
      summary += "; \(use.differentCount) decisions would fall differently today: see peergate replay"
    }
    let others = use.otherTokenCount > 0 ? ["\(use.otherTokenCount) with tokens that are not here"] : []
    let leftOut = (others + [use.decisions.leftOut]).filter { !$0.isEmpty }
    if !leftOut.isEmpty { summary += "; left out: " + leftOut.joined(separator: ", ") }
    Terminal.show(summary)
  }

  private func section(_ title: String, _ lines: [String]) {
    if lines.isEmpty { return }
    Terminal.show("\(title):")
    for line in lines { Terminal.show("  \(line)") }
  }

  private static func last(_ instant: Timestamp?) -> String { instant.map { "last \($0.text)" } ?? "never" }
}
