// What the checks across files have to say, as diagnostics with their source lines.
import Bytes
import HCL
import JSON

/// Turns places back into source lines, for anyone who checks stanzas after their files were read.
struct Findings {
  private let report: Report
  private let sources: [ByteString: Source]

  init(_ sources: [ByteString: Source], into report: Report) {
    self.sources = sources
    self.report = report
  }

  /// The message is made only if there is room for it: a mistake repeated by a generator can spoil ten thousand stanzas.
  func error(_ message: @autoclosure () -> String, at place: Place) {
    report.error(at: place.position, in: source(of: place), message())
  }

  func warning(_ message: @autoclosure () -> String, at place: Place, isOfSecurity: Bool = false) {
    report.warning(at: place.position, in: source(of: place), isOfSecurity: isOfSecurity, message())
  }

  private func source(of place: Place) -> Source {
    sources[place.file] ?? Source(file: place.file.string, bytes: [])
  }
}

extension Place {
  fileprivate var position: Position { Position(line: line, column: column) }
}
