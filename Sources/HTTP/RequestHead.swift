// A request's head, proven whole and unambiguous.

/// Made by `RequestParser` alone. A class, so that handing it from step to step of the walk costs one count and no
/// copies.
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

  /// The request line up to the end of its target.
  private let line: [UInt8]
  private let targetStart: Int
  private let pathEnd: Int

  init(
    method: Method, version: HTTPVersion, fields: Fields, framing: BodyFraming, isPersistent: Bool,
    expectsContinue: Bool, byteCount: Int, line: [UInt8], targetStart: Int, pathEnd: Int
  ) {
    self.method = method
    self.version = version
    self.fields = fields
    self.framing = framing
    self.isPersistent = isPersistent
    self.expectsContinue = expectsContinue
    self.byteCount = byteCount
    self.line = line
    self.targetStart = targetStart
    self.pathEnd = pathEnd
  }

  /// The target as it came: origin form, or `*` for OPTIONS. It may hold secrets in its query: not for logs.
  package var target: ArraySlice<UInt8> { line[targetStart...] }

  /// As it stands in the request line.
  package var methodBytes: ArraySlice<UInt8> { line[..<(targetStart - 1)] }

  /// Up to the first `?`. Begins with `/`, or is `*`. Escapes are whole and are left as they came.
  package var path: ArraySlice<UInt8> { line[targetStart..<pathEnd] }

  /// What follows the first `?`; nil if there is none, empty if nothing follows it.
  package var query: ArraySlice<UInt8>? { pathEnd < line.count ? line[(pathEnd + 1)...] : nil }

  package var isAsteriskForm: Bool { line[targetStart] == ASCII.asterisk }
}

// The query is left out: see `target`.
extension RequestHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(method) \(Quotation.quote(path.span)) \(version)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
