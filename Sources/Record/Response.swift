// What the client will read, before it may leave.

package import HTTP

/// An answer as a value. It can be changed as long as it is not on record; only a `RecordedResponse` can be sent.
package struct Response {
  package var status: StatusCode
  /// Fields of our own, beside those that pass from Consul's reply.
  package var fields: [(name: FieldName, value: FieldValue)] = []
  package var body: [UInt8] = []
  /// The connection cannot go on: what follows on it is not known to be a request.
  package var closes = false
  /// Fields of Consul's reply, if this is one.
  private let relayed: FieldLines?

  package var isOwn: Bool { relayed == nil }

  /// - Parameter relayed: the fields that pass from Consul's reply; nil if the response is the gate's own.
  package init(
    status: StatusCode, fields: [(name: FieldName, value: FieldValue)] = [], body: [UInt8] = [],
    closes: Bool = false, relaying relayed: FieldLines? = nil
  ) {
    self.relayed = relayed
    self.status = status
    self.fields = fields
    self.body = body
    self.closes = closes
  }

  /// Writes every field that the client will read, but for those that each reply has.
  package func writeFields(to writer: inout HeadWriter) {
    if let relayed { writer.lines(relayed) }
    for (name, value) in fields { writer.field(name, value) }
  }

  /// One sentence as Consul sends its errors: plain text without a line end.
  package static func text(_ status: StatusCode, _ sentence: String) -> Response {
    text(status, Array(sentence.utf8))
  }

  package static func text(_ status: StatusCode, _ sentence: [UInt8]) -> Response {
    var answer = Response(status: status, body: sentence)
    answer.fields = [(.contentType, Self.plainText)]
    return answer
  }

  /// The same with a hint when to try again.
  package static func later(_ status: StatusCode, _ sentence: String) -> Response {
    var answer = text(status, sentence)
    answer.fields.append((.retryAfter, FieldValue(RecordLimits.retryAfterSeconds)))
    return answer
  }

  /// The record could not be kept, so nothing else is said.
  package static let unrecorded = Response.later(
    .serviceUnavailable, "the audit record cannot be kept, so nothing is answered, try again")

  private static let plainText = FieldValue(literal: "text/plain; charset=utf-8")
}

extension StatusCode {
  /// nginx's number for a client that did not wait; it stands in records only, nobody reads the response.
  package static let clientClosedRequest = StatusCode(rawValue: 499) ?? .badRequest
}
