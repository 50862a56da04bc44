// A reply's head, proven whole and unambiguous.

/// Made by `ResponseParser` alone. Owns one copy of the head's bytes.
package struct ResponseHead: Sendable {
  package let status: StatusCode
  package let version: HTTPVersion
  package let fields: Fields
  package let framing: BodyFraming
  /// Whether the connection can serve a further request once the body is read. Never with `untilClose`.
  package let isPersistent: Bool
  /// What to consume from the input: this head and the interim ones before it.
  package let byteCount: Int
}

extension ResponseHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(version) \(status)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
