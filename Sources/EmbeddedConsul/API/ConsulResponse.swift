// What the embedded Consul answers.

/// `Date`, `Content-Length` and `Connection` are the server's; to HEAD it sends the length and no body.
package struct ConsulResponse: Sendable, CustomStringConvertible {
  package let status: Int
  package private(set) var fields: [(name: String, value: String)]
  package let body: [UInt8]

  init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The body may hold a peering token.
  package var description: String { "\(status), \(body.count) bytes" }

  /// Errors: no newline at the end.
  static func text(_ status: Int, _ text: String) -> ConsulResponse {
    ConsulResponse(
      status: status, fields: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
  }

  /// `?pretty` adds a newline at the end; without it there is none.
  static func json(_ body: [UInt8], isPretty: Bool, fields: [(name: String, value: String)] = [])
    -> ConsulResponse
  {
    ConsulResponse(
      status: 200, fields: [("Content-Type", "application/json")] + fields,
      body: isPretty ? Indentation.indented(body) + [UInt8(ascii: "\n")] : body)
  }

  /// A read or a list that was answered, with what Consul says about the answer. Its index is never 0.
  static func queried(_ body: [UInt8], index: UInt64, isPretty: Bool) -> ConsulResponse {
    json(
      body, isPretty: isPretty,
      fields: [
        ("X-Consul-Index", String(max(1, index))), ("X-Consul-Knownleader", "true"),
        ("X-Consul-Lastcontact", "0"),
        ("X-Consul-Query-Backend", "blocking-query"),
      ])
  }

  func adding(_ name: String, _ value: String) -> ConsulResponse {
    var reply = self
    reply.fields.append((name, value))
    return reply
  }
}
