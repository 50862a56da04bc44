// An answer that waits for its record.

internal import HTTP
internal import Logging
internal import Messages
internal import Sockets

/// It leaves from the loop as soon as its record is kept, while the task of its connection waits for the next request
/// already: a task that is woken for each record, only to send, costs a seventh of the audit's share in a request. The
/// task is called for what a loop cannot do, which is to wait.
///
/// Confined to its loop. A connection owes one answer at most, and looks at no further request before it has left: see
/// `Connection.settle`.
final class OwedAnswer {
  /// Nil once it has left, or another in its place.
  private var answer: Answer?
  private let form: ReplyForm
  private let exchange: Exchange
  /// Another request may come before it has left.
  let mayBeFollowed: Bool
  /// The kernel has taken all of it.
  private var isSent = false
  private var persists = false
  /// When it is too late for the record: the client is told that there is none.
  let deadline: Deadline

  init(_ answer: consuming Answer, to form: ReplyForm, of exchange: Exchange, by deadline: Deadline) {
    mayBeFollowed = form.persists && !answer.closes && answer.status != Outcome.clientClosedRequest
    self.answer = answer
    self.form = form
    self.exchange = exchange
    self.deadline = deadline
  }

  // Both say nothing if it is too late: then the client has been told that there is no record, and may be owed another
  // answer by now.

  /// The record is kept.
  func settle(_ proof: consuming OutcomeProof) {
    guard let answer = answer.take() else { return }
    exchange.didRecord(answer.status)
    leave(Reply(answer, recorded: proof))
    handOver()
  }

  /// There will be no record.
  func settle(_ error: LedgerError) {
    guard isUnrecorded else { return }
    withhold(error)
    handOver()
  }

  /// For the task of the connection: waits until the answer has left. False if nothing can follow it.
  func finish() async -> Bool {
    while isUnrecorded {
      if await client.place.park(until: deadline, unless: { !isUnrecorded }) != .ready { withhold(.late) }
    }
    client.owed = nil
    client.channel.stream.dismissReader()
    if !isSent { await flush() }
    return persists
  }

  private var client: Client { exchange.client }
  private var state: WorkerState { exchange.state }
  private var isUnrecorded: Bool { if case .some = answer { true } else { false } }

  // Not inlined: it is rare, and texts take room.
  @inline(never)
  private func withhold(_ error: LedgerError) {
    guard let answer = answer.take() else { return }
    state.logger.error("an answer is withheld: it cannot be recorded", metadata: ["reason": "\(error)"])
    leave(.unrecorded(error, insteadOf: answer))
  }

  private func leave(_ reply: consuming Reply) {
    persists = reply.write(
      to: client.channel, as: form, id: exchange.id, date: state.date, closing: state.isDraining)
    do throws(ChannelError) {
      isSent = try client.channel.send()
    } catch {
      // There is nobody to send it to.
      isSent = true
      persists = false
    }
  }

  /// The task has only to know if there is something left to do, or if it waits for this.
  private func handOver() {
    if isSent, persists {
      client.owed = nil
      if state.isCrowded { client.channel.releaseBuffers() }
    } else {
      client.channel.stream.callReader()
    }
    client.place.wake(.ready)
  }

  private func flush() async {
    do throws(ChannelError) {
      try await client.channel.flush(by: state.loop.now.advanced(by: state.limits.responseTimeout))
    } catch {
      persists = false
    }
  }
}
