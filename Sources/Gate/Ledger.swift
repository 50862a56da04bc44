// The records of a worker: collected during one turn of its loop, kept in one piece, waited for.

internal import Audit
internal import Sockets

/// Why there is no record. The client gets 503 and no detail; the log gets this.
enum LedgerError: Error {
  case late
  case refused(AuditError)
}

/// Proof that the intent of a change is kept, or that the request changes nothing. Spent by asking Consul.
struct IntentProof: ~Copyable {
  fileprivate init() {}
}

/// Proof that an answer is on record. Spent by giving the answer.
struct OutcomeProof: ~Copyable {
  fileprivate init() {}
}

/// Confined to one loop. Lines of one turn share a batch, a write and a wait.
final class Ledger {
  /// One batch on its way to the journal, and everyone who waits for it.
  private final class Commitment {
    var isSettled = false
    var failure: AuditError?
    var waiting: [Parking] = []

    func settle(_ result: Result<Void, AuditError>) {
      isSettled = true
      if case .failure(let error) = result { failure = error }
      for parking in waiting { parking.wake(.ready) }
      waiting = []
    }
  }

  private let journal: Journal
  private let loop: EventLoop
  private let patience: Duration
  private var encoder = LineEncoder()
  private var batch = Batch()
  private var commitment = Commitment()

  init(journal: Journal, loop: EventLoop, patience: Duration) {
    self.journal = journal
    self.loop = loop
    self.patience = patience
  }

  /// Keeps the intent of a change before Consul is asked for it.
  func keepIntent(_ entry: Entry) async throws(LedgerError) -> IntentProof {
    try await keep(entry)
    return IntentProof()
  }

  /// A read changes nothing: its one record is that of the answer.
  func noIntent() -> IntentProof { IntentProof() }

  func keepOutcome(_ entry: Entry) async throws(LedgerError) -> OutcomeProof {
    try await keep(entry)
    return OutcomeProof()
  }

  /// Puts a line on its way without waiting for it: of what the client is told that it cannot be recorded.
  func note(_ entry: Entry) { encoder.append(entry, to: &batch) }

  /// The turn is over: what it has collected goes to the journal in one piece.
  func submit() {
    guard !batch.isEmpty else { return }
    var full = Batch()
    swap(&full, &batch)
    let sent = commitment
    commitment = Commitment()
    let bound = LoopBound(sent, on: loop)
    do throws(AuditError) {
      try journal.submit(full) { result in bound.perform { $0.settle(result) } }
    } catch {
      sent.settle(.failure(error))
    }
  }

  private func keep(_ entry: Entry) async throws(LedgerError) {
    encoder.append(entry, to: &batch)
    let commitment = commitment
    let parking = Parking(on: loop)
    commitment.waiting.append(parking)
    let wake = await parking.park(until: loop.now.advanced(by: patience))
    guard wake == .ready, commitment.isSettled else { throw .late }
    if let failure = commitment.failure { throw .refused(failure) }
  }
}
