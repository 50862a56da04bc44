// peergate test: the policy tests beside the policies.

import ArgumentParser
import Bytes
import JSON
import Policy

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the policy tests beside the policies.",
    discussion: """
      Tests are files named *.test.hcl in the policies' folder:

        test "team a may not delete the hub" {
          token     = "team-a-ci"             # or "anonymous"
          operation = ["delete", "generate"]  # generate, establish, read, delete, list
          peer      = "hub"
          expect    = "deny"
          by        = "peering hub"           # optional: the rule that must decide, or "no rule"
        }

      Optional as well: policy, partition, at (an instant), source, san_uri, san_dns; for list: shows, \
      hides. Reports which rules no test reached.

      Exit status: 0 all pass, 1 a test fails or cannot be read, 2 all pass but --all-rules found \
      rules unreached.
      """)

  @Argument(help: "The folder of the policies and their tests.")
  var policies = "policies"

  @Flag(help: "Fail if a rule decides no test.")
  var allRules = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let set = try Self.loadPolicies(policies)
    let tests: [PolicyTest]
    do throws(PolicyErrors) {
      tests = try PolicyTest.read(try PolicyFolder.tests(policies))
    } catch {
      throw Self.rejected(error, "the policy tests in \(policies)")
    }
    let run = PolicyTestRun(tests, on: set, now: .now)
    if json { Terminal.say(Self.object(run)) } else { report(run) }
    if !run.failures.isEmpty { throw ExitCode.failure }
    if run.testCount == 0 { throw Self.fail("\(policies): no tests (*.test.hcl) here") }
    if allRules, !run.uncovered.isEmpty { throw ExitCode(2) }
  }

  private func report(_ run: PolicyTestRun) {
    for failure in run.failures {
      let question = failure.question.map { "\($0): " } ?? ""
      Self.complain(
        "\(failure.test.place.text): \(failure.test.title.shown): \(question)\(failure.complaint)")
    }
    for rule in run.uncovered { Terminal.show("no test reaches \(rule.citation)") }
    let covered = run.coverage.count - run.uncovered.count
    Terminal.say(
      "\(run.testCount) tests, \(run.questionCount) questions, \(run.failures.count) failures; "
        + "\(covered) of \(run.coverage.count) rules reached")
  }

  private static func object(_ run: PolicyTestRun) -> String {
    var writer = Writer()
    writer.beginObject()
    writer.key("tests")
    writer.number(run.testCount)
    writer.key("questions")
    writer.number(run.questionCount)
    writer.key("failures")
    writer.beginArray()
    for failure in run.failures {
      writer.beginObject()
      writer.key("test")
      writer.string(failure.test.title.shown)
      writer.key("place")
      writer.string(failure.test.place.text)
      if let question = failure.question {
        writer.key("question")
        writer.string("\(question)")
      }
      writer.key("complaint")
      writer.string(failure.complaint)
      writer.endObject()
    }
    writer.endArray()
    writer.key("rules")
    writer.beginArray()
    for (rule, decided) in run.coverage {
      writer.beginObject()
      writer.key("rule")
      writer.string(rule.citation)
      writer.key("decided")
      writer.number(decided)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
