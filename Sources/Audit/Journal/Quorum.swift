// One batch, several sinks, one answer.
import Synchronization

/// Collects the fates of one batch in the sinks that are required, and completes once: with `all`, at the
/// first failure or the last success; with `any`, at the first success or the last failure.
final class Quorum: Sendable {
  private struct Count {
    var pending: Int
    var isDecided = false
  }

  private let requirement: JournalSettings.Requirement
  private let completion: @Sendable (Result<Void, AuditError>) -> Void
  private let count: Mutex<Count>

  init(
    of sinks: Int, requirement: JournalSettings.Requirement,
    completion: @escaping @Sendable (Result<Void, AuditError>) -> Void
  ) {
    self.requirement = requirement
    self.completion = completion
    count = Mutex(Count(pending: sinks))
  }

  func settle(_ fate: Result<Void, AuditError>) {
    if isDecided(by: fate) { completion(fate) }
  }

  /// As `settle`, for a refusal that the submitter hears by another way: true when it decided.
  func isDecided(by fate: Result<Void, AuditError>) -> Bool {
    let decides: Bool
    switch (fate, requirement) {
    case (.success, .any), (.failure, .all): decides = true
    case (.success, .all), (.failure, .any): decides = false
    }
    return count.withLock { count in
      count.pending -= 1
      guard !count.isDecided, decides || count.pending == 0 else { return false }
      count.isDecided = true
      return true
    }
  }
}
