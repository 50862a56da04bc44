// A JSON value together with where it stands.

package import Bytes

package struct Node: Sendable, Hashable {
  package let position: Position
  package let value: Value

  package init(position: Position, value: Value) {
    self.position = position
    self.value = value
  }
}

/// A number stays as it was written: which range and precision it must have is for the reader to say,
/// and a floating-point detour would silently change large indexes.
package enum Value: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(String)
  /// Two strings are equal if their bytes are: RFC 8259 knows no other equivalence (section 8.3), nor does Go.
  case string(ByteString)
  case array([Node])
  case object([Member])

  /// What to call such a value in a message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One name and its value. Names are unique within their object, compared by their bytes; the order is the text's.
package struct Member: Sendable, Hashable {
  package let name: ByteString
  /// Where the name stands.
  package let position: Position
  package let node: Node

  package init(name: ByteString, position: Position, node: Node) {
    self.name = name
    self.position = position
    self.node = node
  }
}

extension Node {
  package var isNull: Bool { value == .null }

  package var bool: Bool? {
    if case .bool(let bool) = value { bool } else { nil }
  }

  /// For showing and for parsers of its bytes; see `text` for comparing.
  package var string: String? {
    if case .string(let text) = value { text.string } else { nil }
  }

  package var text: ByteString? {
    if case .string(let text) = value { text } else { nil }
  }

  /// The number if it was written as a whole one that fits: `1` but neither `1.0` nor `1e0`.
  package var integer: Int? {
    if case .number(let text) = value { Int(text) } else { nil }
  }

  /// As `integer`, for the unsigned 64-bit counters that Consul writes.
  package var unsignedInteger: UInt64? {
    if case .number(let text) = value { UInt64(text) } else { nil }
  }

  package var array: [Node]? {
    if case .array(let elements) = value { elements } else { nil }
  }

  package var object: [Member]? {
    if case .object(let members) = value { members } else { nil }
  }

  /// The value of the member of that exact name; nil too if this is not an object.
  package subscript(name: ByteString) -> Node? {
    object?.first { $0.name == name }?.node
  }
}
