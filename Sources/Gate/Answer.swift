// What the client will read, before it may leave.

internal import HTTP

/// An answer as a value. It can be changed as long as it is not on record; only a `Reply` can be sent.
struct Answer {
  var status: StatusCode
  var fields: [(name: FieldName, value: FieldValue)] = []
  var body: [UInt8] = []
  /// The connection cannot go on: what follows on it is not known to be a request.
  var closes = false

  /// One sentence as Consul sends its errors: plain text without a line end.
  static func text(_ status: StatusCode, _ sentence: String) -> Answer {
    var answer = Answer(status: status, body: Array(sentence.utf8))
    answer.fields = [(.contentType, Self.plainText)]
    return answer
  }

  /// The same with a hint when to try again.
  static func later(_ status: StatusCode, _ sentence: String) -> Answer {
    var answer = text(status, sentence)
    answer.fields.append((.retryAfter, FieldValue(GateLimits.retryAfterSeconds)))
    return answer
  }

  private static let plainText = FieldValue("text/plain; charset=utf-8") ?? FieldValue(0)
}
