// The records of a worker: collected during one turn of its loop, kept in one piece, waited for.

package import Audit
internal import HTTP
internal import Peering
package import Policy
package import Sockets

/// Why there is no record. The client gets 503 and no detail; the log gets this.
package enum LedgerError: Error {
  case late
  case refused(AuditError)
}

/// A permit, and proof that the intent of the change it is for is kept, if it is for one. Spent by asking Consul, which is
/// asked for what is in it.
package struct Intent: ~Copyable {
  package let permit: Permit

  fileprivate init(_ permit: consuming Permit) { self.permit = permit }
}

/// An intent whose record is on its way. A read changes nothing: its one record is that of the response.
package struct PendingIntent: ~Copyable {
  fileprivate let permit: Permit
  /// Nil for a read.
  fileprivate let completion: BatchCompletion?
}

/// One batch on its way to the journal, and everyone who waits for it.
package final class BatchCompletion {
  fileprivate var isSettled = false
  fileprivate var failure: LedgerError?
  fileprivate var waiters: [Waiter] = []
  fileprivate var responses: [any RecordAwaiting] = []
  /// What the batch owns up to.
  fileprivate var withheld = WithheldResponses()

  fileprivate init(expecting responses: Int = 0) { self.responses.reserveCapacity(responses) }

  fileprivate func settle(_ result: Result<Void, AuditError>) {
    isSettled = true
    if case .failure(let error) = result { failure = .refused(error) }
    for waiter in waiters { waiter.wake(.ready) }
    waiters = []
    for response in responses {
      if let failure { response.failClosed(failure) } else { response.leaveRecorded() }
    }
    responses = []
  }
}

/// Confined to one loop. Lines of one turn share a batch, a write and a wait.
package final class Ledger {
  private let journal: Journal
  private let loop: EventLoop
  private let patience: Duration
  private var encoder: LineEncoder
  private var batch = Batch()
  private var unrecorded = UnrecordedResponses()
  private var refusals = RepeatedRefusals()
  private var withheld = WithheldResponses()
  /// Whether the last batch that is settled was kept.
  private var keeps = true
  private var completion = BatchCompletion()

  /// - Parameter gate: if each line is to say which gate wrote it.
  package init(journal: Journal, loop: EventLoop, patience: Duration, gate: GateName? = nil) {
    encoder = LineEncoder(gate: gate)
    self.journal = journal
    self.loop = loop
    self.patience = patience
  }

  /// Writes the outcome of a request into the batch of this turn; `response` leaves when that is kept. Of what the operator
  /// asked not to record the count is the record, and goes on file with the next `submitCounts`; a change has its line
  /// whatever anybody asks.
  package func append(
    _ draft: borrowing RecordDraft, at level: RecordLevel, for response: any RecordAwaiting
  ) {
    if level == .none, let operation = draft.operation, !operation.isChange {
      unrecorded.count(operation)
      return response.leaveRecorded()
    }
    encode(draft.entry, at: level)
    completion.responses.append(response)
  }

  /// Leaves the record of a refusal that anybody can cause to a count, if it is one of too many, and lets `response` leave.
  /// False if it is to be recorded; so it is as long as nothing can be kept, since then nobody is answered, and if a change
  /// was permitted.
  package func count(
    _ refusal: RepeatedRefusal, of draft: borrowing RecordDraft, for response: any RecordAwaiting
  ) -> Bool {
    guard keeps, !draft.isOfPermittedChange, !refusals.takesRecord(refusal, at: loop.now) else {
      return false
    }
    response.leaveRecorded()
    return true
  }

  /// When a record that is entered now comes too late.
  package var deadline: Deadline { loop.now.advanced(by: patience) }

  /// The intent of a change goes the same way. `draft` says so far what is asked, and that it is permitted.
  package func append(
    _ permit: consuming Permit, _ draft: borrowing RecordDraft, at level: RecordLevel
  ) -> PendingIntent {
    guard permit.request.operation.isChange else { return PendingIntent(permit: permit, completion: nil) }
    encode(draft.entry, at: level)
    return PendingIntent(permit: permit, completion: completion)
  }

  /// The intent is kept before Consul is asked for the change. `waiter` belongs to one connection and serves all its
  /// waiting. So a batch that is settled after its waiter gave up wakes a task that waits there for something else, which then
  /// goes on waiting.
  package func keep(
    _ pending: consuming PendingIntent, waitingIn waiter: Waiter
  ) async throws(LedgerError) -> Intent {
    if let completion = pending.completion { try await settled(completion, waitingIn: waiter) }
    return Intent(pending.permit)
  }

  // Not inlined: a read has no room for it in its frame.
  @inline(never)
  private func settled(_ completion: BatchCompletion, waitingIn waiter: Waiter) async throws(LedgerError) {
    let end = deadline
    completion.waiters.append(waiter)
    while !completion.isSettled {
      guard await waiter.park(until: end, unless: { completion.isSettled }) == .ready else { throw .late }
    }
    if let failure = completion.failure { throw failure }
  }

  /// What was counted since the last time goes on its way. Now and then, and before the worker ends.
  package func submitCounts() {
    if let event = unrecorded.takeEvent() { enqueue(event) }
    if let event = refusals.takeEvent() { enqueue(event) }
    ownUp()
    submit()
  }

  package func enqueue(_ event: GateEvent) { encoder.append(event, to: &batch) }

  /// Puts a line on its way without waiting for it: of what the client is told that it cannot be recorded.
  package func enqueue(_ draft: borrowing RecordDraft) { encoder.append(draft.entry, to: &batch) }

  /// The client of this request is told that there is no record: whatever the log says of it is taken back.
  package func noteWithdrawn(_ id: RequestID) { withheld.append(id.own) }

  private func ownUp() {
    guard !withheld.isEmpty else { return }
    for event in withheld.events { enqueue(event) }
    completion.withheld.putBack(withheld.take())
  }

  /// The turn is over: what it has collected goes to the journal in one piece.
  package func submit() {
    // While nothing is kept, the next try is up to `submitCounts`.
    if keeps { ownUp() }
    guard !batch.isEmpty else { return }
    var full = Batch(after: batch)
    swap(&full, &batch)
    let sent = completion
    completion = BatchCompletion(expecting: sent.responses.count)
    let bound = LoopBound((ledger: self, sent: sent), on: loop)
    do throws(AuditError) {
      try journal.submit(full) { result in bound.perform { $0.ledger.settle($0.sent, result) } }
    } catch {
      settle(sent, .failure(error))
    }
  }

  private func settle(_ sent: BatchCompletion, _ result: Result<Void, AuditError>) {
    if case .success = result { keeps = true } else { keeps = false }
    if !keeps { withheld.putBack(sent.withheld.take()) }
    sent.settle(result)
  }

  private func encode(_ entry: borrowing Entry, at level: RecordLevel) {
    encoder.append(entry, level == .full ? .full : .reduced, to: &batch)
  }
}
