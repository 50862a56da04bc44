// The answer on its way out: once, and only with its record.

internal import HTTP
internal import Messages
internal import Sockets

/// Spent by being sent; made only from an answer that is on record. So an answer cannot leave twice, and not
/// before its record.
struct Reply: ~Copyable {
  private let answer: Answer

  init(_ answer: consuming Answer, recorded proof: consuming OutcomeProof) {
    self.answer = answer
    _ = consume proof
  }

  private init(_ answer: consuming Answer) { self.answer = answer }

  /// The one answer without a record: that there can be no record. It says nothing else, but ends the connection
  /// where `withheld`, which it stands for, would have: the end of that request may not be known.
  static func unrecorded(_ error: LedgerError, insteadOf withheld: Answer) -> Reply {
    var answer = Outcome(.unrecorded(error)).answer
    answer.closes = withheld.closes
    return Reply(answer)
  }

  /// Nothing can follow it on its connection.
  var endsConnection: Bool { answer.closes }

  /// Writes the answer to `head` (nil: to bytes that were none) and reports whether the connection can go on.
  @inline(__always)
  consuming func send(
    to client: Channel, head: RequestHead?, id: RequestID, date: FieldValue, closing: Bool,
    by deadline: Deadline
  ) async -> Bool {
    let persists = head?.isPersistent == true && !closing && !endsConnection
    guard answer.status != Outcome.clientClosedRequest else { return false }
    var writer = HeadWriter(response: answer.status)
    writer.field(.date, date)
    answer.writeFields(to: &writer)
    writer.field(.xRequestID, id.field)
    if !answer.status.forbidsContent { writer.field(.contentLength, UInt64(answer.body.count)) }
    if !persists {
      writer.field(.connection, literal: "close")
    } else if head?.version == .http10 {
      writer.field(.connection, literal: "keep-alive")
    }
    client.output.append(writer.finish())
    if head?.method != .head, !answer.status.forbidsContent { client.output.append(answer.body) }
    do throws(ChannelError) {
      try await client.flush(by: deadline)
    } catch {
      return false
    }
    return persists
  }
}
