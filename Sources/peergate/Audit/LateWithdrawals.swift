// Answers that were shown before the log took them back.

import Audit
import Bytes

/// Remembers the latest outcomes that were shown, a bounded number of them.
struct LateWithdrawals {
  private var outcomes: [ByteString: String] = [:]
  /// The ids in the order in which they came; the next one takes the place of the oldest.
  private var ids: [ByteString] = []
  private var oldest = 0
  private static let most = 10_000

  mutating func note(_ entry: RecordedEntry) {
    guard entry.eventType == "audit", !entry.isStart, let id = entry.id, outcomes[id] == nil else { return }
    let words = [entry.subject, entry.operation ?? entry.method, entry.peer, entry.outcome, entry.status]
    outcomes[id] = words.map { $0?.shown ?? "-" }.joined(separator: " ")
    if ids.count < Self.most {
      ids.append(id)
    } else {
      outcomes[ids[oldest]] = nil
      ids[oldest] = id
      oldest = (oldest + 1) % Self.most
    }
  }

  /// A sentence for each that `entry` takes back and that was shown.
  func takenBack(by entry: RecordedEntry) -> [String] {
    guard entry.eventType == "gate-withheld" else { return [] }
    return entry.otherIDs.compactMap { id in
      outcomes[id].map { "  withheld, its answer did not leave: \($0) (\(id.shown))" }
    }
  }
}
