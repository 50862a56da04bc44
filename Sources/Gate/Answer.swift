// What the client will read, before it may leave.

internal import HTTP
internal import Peering

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

  private static let plainText = FieldValue(literal: "text/plain; charset=utf-8")
}

extension Answer {
  init(_ refusal: Refusal) {
    self = .text(refusal.status, "\(refusal)")
    if let allowed = refusal.allowed { fields.append((.allow, FieldValue(literal: allowed.spelling))) }
  }

  init(allowing methods: AllowedMethods) {
    self.init(status: .ok, fields: [(.allow, FieldValue(literal: methods.spelling))])
  }

  /// Consul's own status, body and the fields on this list; whatever else it sends stays here.
  init(relaying reply: UpstreamReply) throws(Failure) {
    // Only identity was asked for: a coded body could be neither filtered nor understood by the client, which is
    // not told of the coding.
    var isEncoded = false
    reply.head.fields.forEach(.contentEncoding) { if !$0.equals(lowercased: "identity") { isEncoded = true } }
    if isEncoded { throw .nonsense("the reply is encoded, though only identity was asked for") }
    self.init(status: reply.head.status, body: reply.body)
    for name in Self.relayed {
      guard let value = reply.head.fields[name], reply.head.fields.occurrences(of: name) == 1 else {
        continue
      }
      fields.append((name, value))
    }
  }

  private static let relayed: [FieldName] = [
    .contentType, .allow, .vary, .retryAfter, .xConsulIndex, .xConsulKnownLeader, .xConsulLastContact,
    .xConsulQueryBackend, .xConsulDefaultACLPolicy, .xConsulTranslateAddresses, .xConsulEffectiveConsistency,
  ]
}
