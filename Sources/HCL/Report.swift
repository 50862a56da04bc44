// Everything found so far in a set of files, so that an operator mends it in one round.

package import JSON

package final class Report {
  package private(set) var diagnostics: [Diagnostic] = []

  package init() {}

  package func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  package func error(at position: Position, in source: Source, _ message: String) {
    add(source.error(at: position, message))
  }

  package func warning(at position: Position, in source: Source, _ message: String) {
    add(source.warning(at: position, message))
  }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
