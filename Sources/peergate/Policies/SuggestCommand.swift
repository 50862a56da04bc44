// peergate suggest: the least that would have been enough.

import ArgumentParser
import Audit
import Bytes
import Policy

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Write policies that allow what an audit log says was allowed, and no more.",
    discussion: """
      Each rule has its evidence as a comment. Where at least three names of a token begin alike up to a hyphen, and \
      at least nine in ten of the names that the log knows under that prefix were allowed, one rule stands for all, \
      and names under it that the token was not allowed get rules of their own.

        peergate suggest --policies policies audit*.jsonl > suggested.hcl
        peergate replay --policies suggested.hcl audit*.jsonl

      A log knows no secrets: with --policies the tokens of that folder get the new policies; without, tokens are \
      comments.

      Exit status: 0 suggested, 2 a line cannot be read, and what it allowed is missing, 1 a file or the policies \
      cannot be read.
      """)

  @Option(help: "The folder of the policies in force, for their tokens.")
  var policies: String?

  @Flag(help: "Let prefixes take in names that the log knows and the token never asked for.")
  var wholePrefixes = false

  @Argument(help: "Audit files, in any order; - is standard input.")
  var files: [String]

  func run() throws {
    let set = try policies.map { try Self.loadPolicies($0) }
    var observed = ObservedUse()
    let absence: String?
    do throws(ReadingError) {
      absence = try DecisionFiles(files) { observed.read($0, length: $1) }.absence
    } catch {
      throw Self.fail("\(error)")
    }
    observed.finish()
    let suggestion = PolicySuggestion(from: observed, takesInUnasked: wholePrefixes)
    Terminal.write(SuggestionPrinter.text(suggestion, tokens: set, absence: absence))
    var leftOut = observed.decisions.leftOut
    if observed.unknownTokenCount > 0 {
      leftOut += (leftOut.isEmpty ? "" : ", ") + "\(observed.unknownTokenCount) with unknown tokens"
    }
    Self.complain(
      "\(observed.decisionCount) decisions, \(suggestion.ruleCount) rules"
        + (leftOut.isEmpty ? "" : "; left out: " + leftOut))
    if let absence { Self.complain("\(absence): too little may be allowed") }
    if observed.tooManyCount > 0 {
      throw Self.fail(
        "\(observed.tooManyCount) decisions are about more names than are held: too little is allowed")
    }
    try Self.endIfUnreadable(observed.decisions.unreadableCount)
  }
}
