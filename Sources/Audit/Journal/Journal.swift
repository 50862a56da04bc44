// The promise that a record is kept: batches in, and word when they are safe.
import Bytes

/// The audit log, open for writing. Any thread may submit; no call but `close` ever waits.
///
/// Each sink has a thread that takes every batch that waits, numbers and chains the lines and hands them
/// to the kernel in one write. A sink that blocks therefore blocks that thread alone: completions come
/// late, and a task that waits for one gives up at its own deadline.
package final class Journal: Sendable {
  private let lanes: [SinkQueue]
  private let required: [SinkQueue]
  private let requirement: JournalSettings.Requirement

  private init(lanes: [SinkQueue], requirement: JournalSettings.Requirement) {
    self.lanes = lanes
    required = lanes.filter { $0.settings.guarantee != .bestEffort }
    self.requirement = requirement
  }

  /// Opens the sinks, which proves that they can be, closes off what a crash left unfinished, and starts
  /// the threads. A disk that is full is no error here: the journal is then failing, and recovers.
  package static func open(_ settings: JournalSettings) throws(AuditError) -> Journal {
    guard !settings.sinks.isEmpty else { throw .noSink }
    var lanes: [SinkQueue] = []
    for sink in settings.sinks {
      lanes.append(try SinkQueue.open(sink, of: settings, isFirst: lanes.isEmpty))
    }
    return Journal(lanes: lanes, requirement: settings.requirement)
  }

  /// Queues `batch` behind everything submitted before.
  ///
  /// `completion` is called exactly once: with success when as many sinks as are required have every line
  /// of the batch, else with the reason why it does not count as kept. It runs on the thread of a sink, or
  /// on the caller's before this returns, when no sink is required; it must not block. Throws `queueFull`
  /// or `closed` at once when it is clear by then, and never calls the completion after that.
  package func submit(
    _ batch: Batch, completion: @escaping @Sendable (Result<Void, AuditError>) -> Void
  ) throws(AuditError) {
    if lanes.count == 1, required.count == 1 { return try lanes[0].submit(batch, completion: completion) }
    for lane in lanes where lane.settings.guarantee == .bestEffort {
      // What it refuses it has counted.
      try? lane.submit(batch, completion: nil)
    }
    guard !required.isEmpty else { return completion(.success(())) }
    let tally = Quorum(of: required.count, requirement: requirement, completion: completion)
    for lane in required {
      do throws(AuditError) {
        try lane.submit(batch) { tally.settle($0) }
      } catch {
        guard !tally.isDecided(by: .failure(error)) else { throw error }
      }
    }
  }

  /// Queues `batch` for all sinks but the one of this name, and tells nobody whether it was kept: what is said of a sink
  /// has its place in the others.
  package func submit(_ batch: Batch, besides sink: String?) {
    for lane in lanes where sink.map({ ByteString(lane.name) != ByteString($0) }) ?? true {
      // What it refuses it has counted.
      try? lane.submit(batch, completion: nil)
    }
  }

  /// Opens files anew by their names, for SIGUSR1: nothing happens to a file that is where it was.
  package func reopen() {
    for lane in lanes { lane.reopen() }
  }

  /// For the opening records of files that begin from now on.
  package func note(policyDigest: String) {
    for lane in lanes { lane.note(policyDigest: policyDigest) }
  }

  /// Whether records can be kept. With `all`, the worst of the required sinks; with `any`, the best.
  package var health: JournalHealth {
    let states = (required.isEmpty ? lanes : required).map(\.health)
    switch requirement {
    case .all: return states.first { !$0.isKeeping } ?? .keeping
    case .any: return states.first { $0.isKeeping } ?? states.first ?? .closed
    }
  }

  /// Of the first sink; `sinks` has them all.
  package var counters: JournalCounters { lanes[0].counters }

  package var sinks: [(name: String, health: JournalHealth, counters: JournalCounters)] {
    lanes.map { ($0.name, $0.health, $0.counters) }
  }

  /// Takes no more batches, writes what waits, and closes the sinks. Blocks the caller for at most
  /// `milliseconds`; batches that wait even then fail with `closed`. Returns the lines that are lost
  /// without a record of it, over all sinks.
  package func close(withinMilliseconds milliseconds: Int64) -> Int {
    let deadline = MonotonicTime.now().advanced(byMilliseconds: milliseconds)
    for lane in lanes { lane.beginClosing() }
    return lanes.reduce(0) { $0 + $1.finishClosing(by: deadline) }
  }
}
