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

  static func rejected(_ error: PolicyErrors, _ what: String) -> ExitCode {
    rejected(Loaded.Fault(error, what), quoting: true)
  }

  static func rejected(_ fault: Loaded.Fault, quoting: Bool) -> ExitCode {
    complain(of: fault.complaints, quoting: quoting)
    return fail(fault.sentence)
  }

  /// With the line in question, or without.
  static func complain(of complaints: Loaded.Complaints, quoting: Bool) {
    for diagnostic in complaints.diagnostics {
      complain(quoting ? diagnostic.rendered : diagnostic.description)
    }
    for remark in complaints.remarks { complain("warning: \(remark)") }
    if complaints.unreported > 0 { complain("… and \(complaints.unreported) more") }
  }
}
