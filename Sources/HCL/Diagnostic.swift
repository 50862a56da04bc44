// One thing to tell the operator about one place in a file.

package import JSON

package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }

  package let severity: Severity
  package let file: String
  package let position: Position
  /// Lower case, without a full stop, and without values from the file that may be secrets.
  package let message: String
  /// The whole source line that `position` points into.
  package let line: String

  package init(_ severity: Severity, file: String, position: Position, message: String, line: String) {
    self.severity = severity
    self.file = file
    self.position = position
    self.message = message
    self.line = line
  }

  /// For terminals: the description, the source line, and a caret under the place. It quotes the file, in
  /// which somebody may have put a secret by mistake, so logs get `description` instead.
  package var rendered: String {
    let excerpt = Excerpt(of: line, column: position.column)
    return "\(description)\n\(excerpt.text)\n\(excerpt.caret)"
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: message`, the form that editors can jump to.
  package var description: String { "\(file):\(position): \(severity.rawValue): \(message)" }
}

/// In the order of the files and of the places in them.
extension Diagnostic: Comparable {
  package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.position, left.message) < (right.file, right.position, right.message)
  }
}

/// The part of a line around a column, fit for a terminal, and a second line that points at the column.
private struct Excerpt {
  private(set) var text = ""
  private(set) var caret = ""

  /// Tabs are kept in both lines, so that the caret stands right whatever their width is.
  init(of line: String, column: Int) {
    let characters = Array(line)
    var bytes = 0
    let target = characters.firstIndex { character in
      bytes += character.utf8.count
      return bytes >= column
    }
    let pointed = column > bytes ? characters.count : target ?? characters.count
    let shownCount = min(characters.count, HCLLimits.shownLineCharacters)
    let first = max(0, min(pointed - shownCount / 2, characters.count - shownCount))
    let last = first + shownCount
    if first > 0 {
      text += "…"
      caret += " "
    }
    for index in first..<last {
      let shown = Excerpt.shown(characters[index])
      text += shown
      if index < pointed { caret += shown == "\t" ? "\t" : String(repeating: " ", count: shown.count) }
    }
    if last < characters.count { text += "…" }
    caret += "^"
  }

  private static func shown(_ character: Character) -> String {
    if character == "\t" { return "\t" }
    let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return isControl ? "?" : String(character)
  }
}
