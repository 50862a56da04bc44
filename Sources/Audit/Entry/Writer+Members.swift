// Members of an object in one call each, their names known at compile time.
import JSON

extension Writer {
  // The type of `name` matters: a bare literal handed to `key` would be a String, and be searched for
  // characters to escape on every line.

  mutating func member(_ name: StaticString, _ text: String) {
    key(name)
    string(text)
  }

  mutating func member(_ name: StaticString, _ text: String?) {
    if let text { member(name, text) }
  }

  mutating func member(_ name: StaticString, _ text: Span<UInt8>) {
    key(name)
    string(text)
  }

  mutating func member(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    key(name)
    number(value)
  }

  mutating func member(_ name: StaticString, _ value: UInt64?) {
    guard let value else { return }
    key(name)
    number(value)
  }

  /// What a client sent: see `ClientText`.
  mutating func member(
    _ name: StaticString, client text: [UInt8]?, isEscaped: Bool = false, limit: Int
  ) {
    guard let text else { return }
    key(name)
    ClientText.append(text.span, isEscaped: isEscaped, limit: limit, to: &self)
  }

  mutating func beginObject(_ name: StaticString) {
    key(name)
    beginObject()
  }

  mutating func beginArray(_ name: StaticString) {
    key(name)
    beginArray()
  }
}
