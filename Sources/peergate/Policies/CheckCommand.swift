// peergate check: are the policies valid?

import ArgumentParser
import Bytes
import HCL
import JSON
import Policy

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate policies.",
    discussion: """
      Reads all *.hcl and *.json files of a folder, or one file, as the gate would, and tells \
      everything that is wrong with file, line and column. The gate takes a folder as a whole or not \
      at all, so one error anywhere keeps the set that is in force.

      Exit status: 0 nothing to report, 1 at least one error, 2 warnings only.
      """)

  @Argument(help: "The folder of the policy files, or one file.")
  var policies = "policies"

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let set: PolicySet
    do throws(PolicyErrors) {
      set = try PolicyFolder.load(policies, now: .now)
    } catch {
      throw rejected(error)
    }
    report(set.warnings, unreported: set.unreportedWarnings, set: set)
    if !set.warnings.isEmpty { throw ExitCode(2) }
  }

  private func rejected(_ error: PolicyErrors) -> ExitCode {
    switch error {
    case .unreadable(let fault):
      if json { Terminal.say(Self.object([], unreported: 0, unreadable: "\(fault)", set: nil)) }
      return Self.fail("\(fault)")
    case .invalid(let diagnostics, let unreported):
      report(diagnostics, unreported: unreported, set: nil)
      return .failure
    }
  }

  private func report(_ diagnostics: [Diagnostic], unreported: Int, set: PolicySet?) {
    if json {
      Terminal.say(Self.object(diagnostics, unreported: unreported, unreadable: nil, set: set))
      return
    }
    for diagnostic in diagnostics { Self.complain(diagnostic.rendered) }
    if unreported > 0 { Self.complain("… and \(unreported) more") }
    guard let set else {
      let count = diagnostics.count { $0.severity == .error }
      let errors = count == 1 ? "1 error" : "\(count) errors"
      return Self.complain("\(policies): \(errors)")
    }
    let rules = set.policies.reduce(0) { $0 + $1.rules.count }
    Terminal.show(
      "\(policies): valid; \(set.policies.count) policies, \(rules) rules, \(set.tokens.count) tokens, "
        + "digest \(set.digestText)")
  }

  private static func object(
    _ diagnostics: [Diagnostic], unreported: Int, unreadable: String?, set: PolicySet?
  ) -> String {
    var writer = Writer()
    writer.beginObject()
    writer.key("valid")
    writer.bool(set != nil)
    if let set {
      writer.key("policy_digest")
      writer.string(set.digestText)
      writer.key("policies")
      writer.number(set.policies.count)
      writer.key("tokens")
      writer.number(set.tokens.count)
    }
    if let unreadable {
      writer.key("error")
      writer.string(unreadable)
    }
    writer.key("diagnostics")
    writer.beginArray()
    for diagnostic in diagnostics {
      writer.beginObject()
      writer.key("severity")
      writer.string(diagnostic.severity.rawValue)
      writer.key("file")
      writer.string(diagnostic.file.shown)
      writer.key("line")
      writer.number(diagnostic.position.line)
      writer.key("column")
      writer.number(diagnostic.position.column)
      writer.key("message")
      writer.string(diagnostic.message)
      writer.endObject()
    }
    writer.endArray()
    // Beyond those above.
    writer.key("unreported")
    writer.number(unreported)
    writer.endObject()
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
