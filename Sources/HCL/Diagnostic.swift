// One thing to tell the operator about one place in a file.

package import Bytes
package import JSON

package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }

  package let severity: Severity
  package let file: ByteString
  package let position: Position
  /// Lower case, without a full stop, and without values from the file that may be secrets.
  package let message: String
  /// Of a warning: somebody may get in who should not. It is told before others, and is not crowded out by them.
  package let isOfSecurity: Bool
  private let excerpt: Excerpt

  init(
    _ severity: Severity, position: Position, message: String, isOfSecurity: Bool = false, in source: Source
  ) {
    self.severity = severity
    self.isOfSecurity = isOfSecurity
    file = source.file
    self.position = position
    self.message = message
    excerpt = Excerpt(of: source, around: position)
  }

  /// For terminals: the description, the source line, and a caret under the place. It quotes the file, in
  /// which somebody may have put a secret by mistake, so logs get `description` instead.
  package var rendered: String { "\(description)\n\(excerpt.text)\n\(excerpt.caret)" }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: message`, the form that editors can jump to.
  package var description: String { "\(file.shown):\(position): \(severity.rawValue): \(message)" }
}

/// In the order of the files and of the places in them.
extension Diagnostic: Comparable {
  package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.position, ByteString(left.message))
      < (right.file, right.position, ByteString(right.message))
  }
}
