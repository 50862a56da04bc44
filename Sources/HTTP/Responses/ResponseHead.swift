// A reply's head, proven whole and unambiguous.

/// Made by `ResponseParser` alone. What is small stands together, so that it is handed on in four registers.
package struct ResponseHead: Sendable {
  package let fields: Fields
  package let framing: BodyFraming
  package let status: StatusCode
  package let version: HTTPVersion
  /// Whether the connection can serve a further request once the body is read. Never with `untilClose`.
  package let isPersistent: Bool
  /// What to consume from the input: this head and the interim ones before it.
  package let byteCount: Int

  init(
    status: StatusCode, version: HTTPVersion, fields: Fields, framing: BodyFraming, isPersistent: Bool,
    byteCount: Int
  ) {
    self.status = status
    self.version = version
    self.fields = fields
    self.framing = framing
    self.isPersistent = isPersistent
    self.byteCount = byteCount
  }
}

extension ResponseHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(version) \(status)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
