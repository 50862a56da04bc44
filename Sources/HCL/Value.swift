// What stands to the right of an equals sign.

package import Bytes
package import JSON

package struct Value: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case string(ByteString)
    /// As it was written; the reader says which range and precision it must have.
    case number(String)
    case bool(Bool)
    case list([Value])
    case object(Body)
  }

  package let position: Position
  package let content: Content

  package init(position: Position, content: Content) {
    self.position = position
    self.content = content
  }

  /// What to call such a value in a message.
  package var kind: String {
    switch content {
    case .string: "a string"
    case .number: "a number"
    case .bool: "a boolean"
    case .list: "a list"
    case .object: "an object"
    }
  }
}

/// Something read from a file, and where it stood.
package struct Located<Wrapped> {
  package let value: Wrapped
  package let position: Position

  package init(_ value: Wrapped, at position: Position) {
    self.value = value
    self.position = position
  }
}

extension Located: Sendable where Wrapped: Sendable {}
extension Located: Equatable where Wrapped: Equatable {}
extension Located: Hashable where Wrapped: Hashable {}
