// Where in a text something stands, so that a person can follow a message back to the byte.

/// A place in a text. Both numbers count from 1; `column` counts bytes, not characters, which is what
/// editors jump to and what needs no table of widths.
package struct Position: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static let start = Position(line: 1, column: 1)

  package var description: String { "\(line):\(column)" }

  package static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
