// The response on its way out: once, and only with its record.

package import HTTP
package import Messages
internal import Sockets

/// What waits for the record of its response. Confined to the loop of the ledger that keeps the record.
package protocol RecordAwaiting: AnyObject {
  /// Gives up the response that was recorded, once; nil from then on.
  func takeResponse() -> Response?
  /// The record is kept: the response leaves.
  func leave(_ response: consuming RecordedResponse)
  /// There will be no record.
  func failClosed(_ error: LedgerError)
}

extension RecordAwaiting {
  /// Nothing is said if it is too late: then the client has been told that there is no record.
  func leaveRecorded() {
    if let response = takeResponse() { leave(RecordedResponse(response)) }
  }
}

/// Spent by being written; made only from a response that is on record. So a response cannot leave twice, and not
/// before its record.
package struct RecordedResponse: ~Copyable {
  private let answer: Response

  fileprivate init(_ answer: consuming Response) { self.answer = answer }

  /// The one response without a record: that there can be no record. It says nothing else, but ends the connection
  /// where `withheld`, which it stands for, would have: the end of that request may not be known.
  package static func unrecorded(insteadOf withheld: Response) -> RecordedResponse {
    var answer = Response.unrecorded
    answer.closes = withheld.closes
    return RecordedResponse(answer)
  }

  package var status: StatusCode { answer.status }

  /// Nothing can follow it on its connection.
  package var endsConnection: Bool { answer.closes }

  /// Writes the answer behind what waits in `client.output`, and reports whether the connection can go on.
  package consuming func write(
    to client: Channel, as form: ResponseForm, id: FieldValue, date: FieldValue, closing: Bool
  ) -> Bool {
    let persists = form.persists && !closing && !endsConnection
    guard answer.status != StatusCode.clientClosedRequest else { return false }
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
  package static let plainHTTP: [UInt8] = {
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
