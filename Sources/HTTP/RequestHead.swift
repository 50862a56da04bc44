// A request's head, proven whole and unambiguous.

/// Made by `RequestParser` alone. Owns one copy of the head's bytes; everything else is places in it. A class, so
/// that handing it from step to step of the walk costs one count and no copies.
package final class RequestHead: Sendable {
  package let method: Method
  package let version: HTTPVersion
  package let fields: Fields
  /// Never `untilClose`.
  package let framing: BodyFraming
  /// Whether the client wants, and the grammar allows, a further request on the connection.
  package let isPersistent: Bool
  /// The client waits for `100 Continue` before it sends the body. Only true when there is a body to come.
  package let expectsContinue: Bool
  /// What to consume from the input, which is all of the head, and an empty line before it if there was one.
  package let byteCount: Int

  let targetRange: Range<Int>
  let pathRange: Range<Int>

  init(
    method: Method, version: HTTPVersion, fields: Fields, framing: BodyFraming, isPersistent: Bool,
    expectsContinue: Bool, byteCount: Int, targetRange: Range<Int>, pathRange: Range<Int>
  ) {
    self.method = method
    self.version = version
    self.fields = fields
    self.framing = framing
    self.isPersistent = isPersistent
    self.expectsContinue = expectsContinue
    self.byteCount = byteCount
    self.targetRange = targetRange
    self.pathRange = pathRange
  }

  /// The target as it came: origin form, or `*` for OPTIONS. It may hold secrets in its query: not for logs.
  package var target: ArraySlice<UInt8> { fields.bytes[targetRange] }

  /// As it stands in the request line.
  package var methodBytes: ArraySlice<UInt8> { fields.bytes[..<(targetRange.lowerBound - 1)] }

  /// Up to the first `?`. Begins with `/`, or is `*`. Escapes are whole and are left as they came.
  package var path: ArraySlice<UInt8> { fields.bytes[pathRange] }

  /// What follows the first `?`; nil if there is none, empty if nothing follows it.
  package var query: ArraySlice<UInt8>? {
    guard pathRange.upperBound < targetRange.upperBound else { return nil }
    return fields.bytes[pathRange.upperBound + 1..<targetRange.upperBound]
  }

  package var isAsteriskForm: Bool { fields.bytes[targetRange.lowerBound] == ASCII.asterisk }
}

// The query is left out: see `target`.
extension RequestHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(method) \(Quotation.quote(path.span)) \(version)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
