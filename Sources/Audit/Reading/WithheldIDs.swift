// Requests whose answers did not leave, whatever their records say.
import Bytes

/// Found before the lines themselves are read: a line that takes an answer back stands behind the one that tells of it.
package struct WithheldIDs: Sendable {
  private var ids: Set<ByteString> = []
  /// More were taken back than are held, or files cannot be read twice: of some answers it is not known.
  package private(set) var isWhole = true

  package init() {}

  /// Passes over what can be read only once.
  package init(in inputs: RecordInputs) throws(ReadingError) {
    for file in inputs.inOrder {
      guard file.isRepeatable else {
        isWhole = false
        continue
      }
      try file.forEachLine { line, length, _ in
        // Behind `{"created_at":"2026-01-02T03:04:05.678901Z"`, which has one length; nothing else is parsed.
        if line.has(",\"event_type\":\"gate-withheld\"", at: 43), length == line.count,
          let entry = try? RecordedEntry(line)
        {
          add(entry)
        }
        return true
      }
    }
  }

  package static func canBeReadTwice(_ file: String) -> Bool {
    !file.utf8.elementsEqual(RecordStream.standardInput.utf8) && FileStatus(of: file)?.isRegular == true
  }

  private mutating func add(_ entry: RecordedEntry) {
    // Some were more than the gate itself held.
    if entry.fact("more") != nil { isWhole = false }
    for id in entry.otherIDs {
      if ids.count < AuditLimits.reportKeys { ids.insert(id.cut) } else { isWhole = false }
    }
  }

  /// Whether the line tells of an answer that did not leave.
  package func takesBack(_ entry: RecordedEntry) -> Bool {
    guard !ids.isEmpty, !entry.isStart, entry.eventType == "audit", let id = entry.id else { return false }
    return ids.contains(id.cut)
  }
}
