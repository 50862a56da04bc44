// Everything found so far in a set of files, so that an operator mends it in one round.

package import JSON

/// Of errors, of warnings and of warnings of security, each by itself, the first `HCLLimits.diagnostics` are kept and the others counted: one
/// missing brace can spoil ten thousand lines, and warnings never crowd out what weighs more.
package final class Report {
  package private(set) var diagnostics: [Diagnostic] = []
  /// How many were found beyond those.
  package private(set) var unreported = 0
  private var errorCount = 0
  private var warningCount = 0
  private var securityWarningCount = 0

  package init() {}

  package func error(at position: Position, in source: Source, _ message: @autoclosure () -> String) {
    errorCount += 1
    if isRoom(for: errorCount) { diagnostics.append(source.error(at: position, message())) }
  }

  package func warning(
    at position: Position, in source: Source, isOfSecurity: Bool = false, _ message: @autoclosure () -> String
  ) {
    if isOfSecurity { securityWarningCount += 1 } else { warningCount += 1 }
    guard isRoom(for: isOfSecurity ? securityWarningCount : warningCount) else { return }
    diagnostics.append(source.warning(at: position, isOfSecurity: isOfSecurity, message()))
  }

  /// In the order of the files; where nothing is an error, warnings of security before the others.
  package var ordered: [Diagnostic] {
    let sorted = diagnostics.sorted()
    return hasErrors ? sorted : sorted.filter(\.isOfSecurity) + sorted.filter { !$0.isOfSecurity }
  }

  /// The one fault of a text that cannot be read at all.
  package func add(_ error: SyntaxError) {
    errorCount += 1
    if isRoom(for: errorCount) { diagnostics.append(error.diagnostic) }
  }

  package var hasErrors: Bool { errorCount > 0 }

  private func isRoom(for count: Int) -> Bool {
    if count > HCLLimits.diagnostics { unreported += 1 }
    return count <= HCLLimits.diagnostics
  }
}
