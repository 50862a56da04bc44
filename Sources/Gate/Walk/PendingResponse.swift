// An answer that waits for its record.

internal import HTTP
internal import Logging
internal import Messages
internal import Record
internal import Sockets

/// It leaves from the loop as soon as its record is kept, while the task of its connection waits for the next request
/// already: to wake the task for each record, only to send, would take 1,600 instructions. It is called for what a loop
/// cannot do, which is to wait.
///
/// Confined to its loop. A connection owes one answer at most, and looks at no further request before it has left: see
/// `Connection.settle`.
final class PendingResponse: RecordAwaiting {
  /// Nil once it has left, or another in its place.
  private var answer: Response?
  private let form: ResponseForm
  /// Nil once the task has seen to it. The batch of the record keeps this object for as long as the journal is stuck, and
  /// must keep neither the connection nor its share of all content.
  private var exchange: Exchange?
  /// Another request may come before it has left.
  let mayBeFollowed: Bool
  /// The kernel has taken all of it.
  private var isSent = false
  private var persists = false
  /// When it is too late for the record: the client is told that there is none.
  let deadline: Deadline

  init(_ answer: consuming Response, to form: ResponseForm, of exchange: Exchange, by deadline: Deadline) {
    mayBeFollowed = form.persists && !answer.closes && answer.status != .clientClosedRequest
    self.answer = answer
    self.form = form
    self.exchange = exchange
    self.deadline = deadline
  }

  // The ledger says nothing more if it is too late: then the client has been told that there is no record, and may wait for
  // the next response by now.

  func takeResponse() -> Response? { exchange == nil ? nil : answer.take() }

  func leave(_ response: consuming RecordedResponse) {
    guard let exchange else { return }
    exchange.didRecord(response.status)
    leave(response, of: exchange)
    handOver(exchange)
  }

  func failClosed(_ error: LedgerError) {
    guard let exchange, isUnrecorded else { return }
    failClosed(error, of: exchange)
    handOver(exchange)
  }

  /// For the task of the connection: waits until the answer has left. False if nothing can follow it.
  func finish() async -> Bool {
    guard let exchange else { return persists }
    let client = exchange.client
    while isUnrecorded {
      if await client.waiter.park(until: deadline, unless: { !isUnrecorded }) != .ready {
        failClosed(.late, of: exchange)
      }
    }
    self.exchange = nil
    client.pending = nil
    client.channel.stream.clearInterrupt()
    if !isSent { await flush(exchange) }
    return persists
  }

  private var isUnrecorded: Bool { if case .some = answer { true } else { false } }

  // Not inlined: it is rare, and texts take room.
  @inline(never)
  private func failClosed(_ error: LedgerError, of exchange: Exchange) {
    guard let answer = answer.take() else { return }
    // A record of the same status says what the client is told.
    if answer.status != .serviceUnavailable { exchange.state.ledger.noteWithdrawn(exchange.id) }
    exchange.state.logger.error(
      "an answer is withheld: it cannot be recorded", metadata: ["reason": "\(error)"])
    leave(.unrecorded(insteadOf: answer), of: exchange)
  }

  private func leave(_ reply: consuming RecordedResponse, of exchange: Exchange) {
    let (channel, state) = (exchange.client.channel, exchange.state)
    persists = reply.write(
      to: channel, as: form, id: exchange.id.shown, date: state.date, closing: state.isDraining)
    do throws(ChannelError) {
      isSent = try channel.send()
    } catch {
      // There is nobody to send it to.
      isSent = true
      persists = false
    }
  }

  /// The task has only to know if there is something left to do, or if it waits for this.
  private func handOver(_ exchange: Exchange) {
    let client = exchange.client
    if isSent, persists {
      client.pending = nil
      if exchange.state.isCrowded { client.channel.releaseBuffers() }
    } else {
      client.channel.stream.interruptReader()
    }
    client.waiter.wake(.ready)
  }

  private func flush(_ exchange: Exchange) async {
    let state = exchange.state
    do throws(ChannelError) {
      try await exchange.client.channel.flush(by: state.loop.now.advanced(by: state.limits.responseTimeout))
    } catch {
      persists = false
    }
  }
}
