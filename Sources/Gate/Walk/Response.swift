// What the client will read, before it may leave.

internal import HTTP
internal import Peering

/// An answer as a value. It can be changed as long as it is not on record; only a `RecordedResponse` can be sent.
struct Response {
  var status: StatusCode
  /// Fields of our own, beside those that pass from Consul's reply.
  var fields: [(name: FieldName, value: FieldValue)] = []
  var body: [UInt8] = []
  /// The connection cannot go on: what follows on it is not known to be a request.
  var closes = false
  /// Of Consul's reply, if this is one.
  private var relayed: RelayedFields?

  var isOwn: Bool { relayed == nil }

  init(
    status: StatusCode, fields: [(name: FieldName, value: FieldValue)] = [], body: [UInt8] = [],
    closes: Bool = false
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.closes = closes
  }

  /// Writes every field that the client will read, but for those that each reply has.
  func writeFields(to writer: inout HeadWriter) {
    if let relayed { writer.lines(relayed.lines) }
    for (name, value) in fields { writer.field(name, value) }
  }

  /// One sentence as Consul sends its errors: plain text without a line end.
  static func text(_ status: StatusCode, _ sentence: String) -> Response {
    text(status, Array(sentence.utf8))
  }

  static func text(_ status: StatusCode, _ sentence: [UInt8]) -> Response {
    var answer = Response(status: status, body: sentence)
    answer.fields = [(.contentType, Self.plainText)]
    return answer
  }

  /// The same with a hint when to try again.
  static func later(_ status: StatusCode, _ sentence: String) -> Response {
    var answer = text(status, sentence)
    answer.fields.append((.retryAfter, FieldValue(GateLimits.retryAfterSeconds)))
    return answer
  }

  private static let plainText = FieldValue(literal: "text/plain; charset=utf-8")
}

extension Response {
  init(_ refusal: Refusal) {
    self = .text(refusal.status, "\(refusal)")
    if let allowed = refusal.allowed { fields.append((.allow, FieldValue(literal: allowed.spelling))) }
  }

  init(allowing methods: AllowedMethods) {
    self.init(status: .ok, fields: [(.allow, FieldValue(literal: methods.spelling))])
  }

  /// Consul's own status, body and those of its fields that pass. `secrets` are the caller's: an error's text that repeats
  /// them would carry them into the caller's logs. The gate's own, if Consul was asked with that of `settings`, is nobody's
  /// to read.
  init(
    relaying reply: UpstreamMessage, hiding secrets: PresentedSecrets = .none,
    askedWith settings: UpstreamSettings? = nil
  ) throws(Failure) {
    // Only identity was asked for: a coded body could be neither filtered nor understood by the client, which is
    // not told of the coding.
    if reply.relayed.isEncoded {
      throw .nonsense("the reply is encoded, though only identity was asked for")
    }
    self.init(status: reply.status, body: reply.body)
    relayed = reply.relayed
    if let settings, let search = settings.secretSearch {
      let isFound = search.firstRange(in: body.span) != nil
      // A success is taken for what it says, and cannot be changed.
      if isFound && status.isSuccess || reply.relayed.holdSecret(of: settings) {
        throw .nonsense("the reply holds the gate's own token")
      }
      if isFound { body = search.replaced(in: body, by: PresentedSecrets.mark.utf8) }
    }
    if !status.isSuccess { body = secrets.hidden(in: body) }
  }
}
