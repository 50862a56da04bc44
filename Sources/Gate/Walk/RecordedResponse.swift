// The answer on its way out: once, and only with its record.

internal import HTTP
internal import Messages
internal import Sockets

/// Spent by being written; made only from an answer that is on record. So an answer cannot leave twice, and not
/// before its record.
struct RecordedResponse: ~Copyable {
  private let answer: Response

  init(_ answer: consuming Response, recorded proof: consuming OutcomeProof) {
    self.answer = answer
    _ = consume proof
  }

  private init(_ answer: consuming Response) { self.answer = answer }

  /// The one answer without a record: that there can be no record. It says nothing else, but ends the connection
  /// where `withheld`, which it stands for, would have: the end of that request may not be known.
  static func unrecorded(_ error: LedgerError, insteadOf withheld: Response) -> RecordedResponse {
    var answer = Outcome(.unrecorded(error)).answer
    answer.closes = withheld.closes
    return RecordedResponse(answer)
  }

  /// Nothing can follow it on its connection.
  var endsConnection: Bool { answer.closes }

  /// Writes the answer behind what waits in `client.output`, and reports whether the connection can go on.
  consuming func write(
    to client: Channel, as form: ResponseForm, id: FieldValue, date: FieldValue, closing: Bool
  ) -> Bool {
    let persists = form.persists && !closing && !endsConnection
    guard answer.status != Outcome.clientClosedRequest else { return false }
    var writer = HeadWriter(response: answer.status)
    writer.field(.date, date)
    writer.lines(answer.isOwn ? Self.ownLines : Self.commonLines)
    answer.writeFields(to: &writer)
    writer.field(.xRequestID, id)
    if !answer.status.forbidsContent { writer.field(.contentLength, UInt64(answer.body.count)) }
    if !persists {
      writer.field(.connection, literal: "close")
    } else if form.saysKeepAlive {
      writer.field(.connection, literal: "keep-alive")
    }
    client.output.append(writer.finish())
    if !form.omitsContent, !answer.status.forbidsContent { client.output.append(answer.body) }
    return persists
  }

  /// Whether or not Consul would let a cache keep its reply: RFC 9111 3.5 protects what was asked for with `Authorization`,
  /// but knows no `X-Consul-Token`.
  private static let commonLines = FieldLines { $0.field(.cacheControl, literal: "no-store") }

  /// To a client that does not speak TLS, in the version that every client knows. It has no record of its own: it is no
  /// request that was answered, but a handshake that failed.
  static let plainHTTP: [UInt8] = {
    let sentence = Array("Client sent an HTTP request to an HTTPS server.\n".utf8)
    var writer = HeadWriter(response: .badRequest, version: .http10)
    writer.field(.contentType, literal: "text/plain; charset=utf-8")
    writer.lines(ownLines)
    writer.field(.contentLength, UInt64(sentence.count))
    writer.field(.connection, literal: "close")
    return writer.finish() + sentence
  }()

  /// What the gate says itself has what Consul's API puts on every answer, errors too: clients read it.
  private static let ownLines = FieldLines { lines in
    lines.field(.cacheControl, literal: "no-store")
    lines.field(.vary, literal: "Accept-Encoding")
    lines.field(.xConsulDefaultACLPolicy, literal: "deny")
  }
}

/// What a request wants of its reply's form.
struct ResponseForm {
  /// Another request may follow.
  let persists: Bool
  /// HTTP/1.0, where that is not understood by itself.
  let saysKeepAlive: Bool
  let omitsContent: Bool
  /// Another request may follow though the body of this one was not asked for.
  let outlivesUnreadBody: Bool

  /// `head` is nil for bytes that were no request: nothing can follow them.
  init(_ head: RequestHead?) {
    persists = head?.isPersistent == true
    saysKeepAlive = head?.version == .http10
    omitsContent = head?.method == .head
    outlivesUnreadBody = head.map(Self.canDropBody) ?? false
  }

  /// Whether the body is worth reading to its end, and is sure to be sent. RFC 9110 10.1.1: of a client that waits to be
  /// invited nobody knows whether it sends its body after any other answer, or its next request.
  private static func canDropBody(of head: RequestHead) -> Bool {
    if head.expectsContinue { return false }
    if case .length(let length) = head.framing { return length <= GateLimits.discardedBodyBytes }
    return true
  }
}
