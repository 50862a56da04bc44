// A line of the audit log for a person to read.

import Audit

struct RecordLine {
  let text: String

  init(_ entry: RecordedEntry, hasColour: Bool) {
    // Of 2026-01-02T03:04:05.678901Z people read the seconds.
    var words = [String(entry.createdAt.prefix(19)).replacing("T", with: " ")]
    if entry.outcome == nil {
      words.append(entry.eventType)
      if let cause = entry.cause { words.append(cause) }
      if let lost = entry.lost { words.append("\(lost) lines lost:") }
      if let reason = entry.reason { words.append(reason) }
      text = Self.printable(words.joined(separator: " "))
      return
    }
    words.append(Self.padded(entry.subject ?? "-", to: 15))
    words.append(Self.padded(entry.operation ?? entry.method ?? "-", to: 9))
    words.append(Self.padded(entry.peer ?? (entry.operation == "list" ? "-" : entry.endpoint ?? "-"), to: 14))
    let verdict = Self.padded(entry.outcome ?? "-", to: 6)
    words.append(hasColour ? Self.coloured(verdict) : verdict)
    words.append(entry.isStart ? "..." : entry.status ?? "-")
    if let microseconds = entry.microseconds { words.append(Self.padded("\(microseconds) µs", to: 9)) }
    if let kept = entry.kept, let removed = entry.removed {
      words.append("\(kept) shown, \(removed) hidden;")
    }
    if let why = entry.rule ?? entry.reason { words.append(why) }
    text = Self.printable(words.joined(separator: " "))
  }

  private static func coloured(_ verdict: String) -> String {
    let colour = verdict.hasPrefix("allow") ? "32" : verdict.hasPrefix("deny") ? "31" : "33"
    return "\u{1B}[\(colour)m\(verdict)\u{1B}[0m"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }

  /// A file that somebody else may have written must not steer the terminal; our own colours may.
  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isControl = scalar.value < 0x20 && scalar != "\u{1B}" || 0x7F...0x9F ~= scalar.value
          return isControl ? "\u{FFFD}" : scalar
        }))
  }
}
