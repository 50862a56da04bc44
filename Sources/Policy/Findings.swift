// What the checks across files have to say, as diagnostics with their source lines.
import HCL
import JSON

/// Turns places back into source lines, for whoever checks stanzas after their files were read.
struct Findings {
  private let report: Report
  private let sources: [String: Source]
  private var reported = 0
  private(set) var errorCount = 0
  /// Findings that were only counted: a mistake repeated by a generator can spoil ten thousand stanzas.
  private(set) var unreported = 0

  init(_ sources: [String: Source], into report: Report) {
    self.sources = sources
    self.report = report
  }

  mutating func error(_ message: String, at place: Place) {
    errorCount += 1
    add(message, place) { $0.error(at: $1, $2) }
  }

  mutating func warning(_ message: String, at place: Place) {
    add(message, place) { $0.warning(at: $1, $2) }
  }

  private mutating func add(
    _ message: String, _ place: Place, _ make: (Source, Position, String) -> Diagnostic
  ) {
    guard reported < PolicyLimits.diagnosticCount else {
      unreported += 1
      return
    }
    reported += 1
    let source = sources[place.file] ?? Source(file: place.file, bytes: [])
    report.add(make(source, Position(line: place.line, column: place.column), message))
  }
}
