// What the checks across files have to say, as diagnostics with their source lines.
import HCL
import JSON

/// Turns places back into source lines, for whoever checks stanzas after their files were read.
struct Findings {
  private let report: Report
  private let sources: [String: Source]
  private(set) var errorCount = 0
  private var warningCount = 0
  /// Findings that were only counted: a mistake repeated by a generator can spoil ten thousand stanzas.
  private(set) var unreported = 0

  init(_ sources: [String: Source], into report: Report) {
    self.sources = sources
    self.report = report
  }

  mutating func error(_ message: String, at place: Place) {
    errorCount += 1
    add(message, place, number: errorCount) { $0.error(at: $1, $2) }
  }

  mutating func warning(_ message: String, at place: Place) {
    warningCount += 1
    add(message, place, number: warningCount) { $0.warning(at: $1, $2) }
  }

  private mutating func add(
    _ message: String, _ place: Place, number: Int, _ make: (Source, Position, String) -> Diagnostic
  ) {
    guard number <= PolicyLimits.diagnosticCount else {
      unreported += 1
      return
    }
    let source = sources[place.file] ?? Source(file: place.file, bytes: [])
    report.add(make(source, Position(line: place.line, column: place.column), message))
  }
}
