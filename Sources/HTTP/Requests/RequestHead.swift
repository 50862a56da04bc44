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

  /// The request line up to the end of the path: what records show of it.
  package let line: [UInt8]
  private let pathStart: Int
  /// What follows the first `?`; nil if there is none, empty if nothing follows it. It may hold secrets, and so lies in
  /// memory of its own.
  package let query: [UInt8]?

  init(
    method: Method, version: HTTPVersion, fields: Fields, framing: BodyFraming, isPersistent: Bool,
    expectsContinue: Bool, byteCount: Int, line: [UInt8], pathStart: Int, query: [UInt8]?
  ) {
    self.method = method
    self.version = version
    self.fields = fields
    self.framing = framing
    self.isPersistent = isPersistent
    self.expectsContinue = expectsContinue
    self.byteCount = byteCount
    self.line = line
    self.pathStart = pathStart
    self.query = query
  }

  /// The target as it came: origin form, or `*` for OPTIONS. Not for logs: see `query`.
  package var target: [UInt8] { path + (query.map { [ASCII.questionMark] + $0 } ?? []) }

  /// Where in `line` the method stands.
  package var methodRange: Range<Int> { 0..<(pathStart - 1) }

  /// Where in `line` the path stands.
  package var pathRange: Range<Int> { pathStart..<line.count }

  /// Up to the first `?`. Begins with `/`, or is `*`. Escapes are whole and are left as they came.
  package var path: ArraySlice<UInt8> { line[pathRange] }

  package var isAsteriskForm: Bool { line[pathStart] == ASCII.asterisk }
}

// The query is left out, since it may hold secrets.
extension RequestHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(method) \(Quotation.quote(path.span)) \(version)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
