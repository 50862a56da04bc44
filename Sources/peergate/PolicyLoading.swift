// Policies for a command, or everything that is wrong with them on standard error.

import ArgumentParser
import HCL
import Policy

extension ParsableCommand {
  static func loadPolicies(_ path: String) throws -> PolicySet {
    do throws(PolicyErrors) {
      return try PolicyFolder.load(path, now: .now)
    } catch {
      throw rejected(error, "the policies in \(path)")
    }
  }

  static func rejected(_ error: PolicyErrors, _ what: String, quoting: Bool = true) -> ExitCode {
    guard case .invalid(let diagnostics, let unreported) = error else { return fail("\(error)") }
    complain(of: diagnostics, quoting: quoting)
    if unreported > 0 { complain("… and \(unreported) more") }
    return fail("\(what) are not valid")
  }

  /// With the line in question, or without.
  static func complain(of diagnostics: [Diagnostic], quoting: Bool) {
    for diagnostic in diagnostics { complain(quoting ? diagnostic.rendered : diagnostic.description) }
  }
}
