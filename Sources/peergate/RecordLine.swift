// A line of the audit log for a person to read.

import Audit

struct RecordLine {
  let text: String

  init(_ entry: RecordedEntry, hasColour: Bool) {
    // Of 2026-01-02T03:04:05.678901Z people read the seconds.
    let time = String(entry.createdAt.prefix(19)).replacing("T", with: " ")
    guard let outcome = entry.outcome else {
      // Keys and signatures are for machines.
      let facts = entry.facts.filter { !["key", "signature"].contains($0.name) }
      text = Self.words([time, entry.eventType] + facts.map { "\($0.name)=\(Self.quoted($0.value))" })
      return
    }
    let verdict = Self.padded(Self.printable(outcome), to: 6)
    var details = [entry.isStart ? "..." : entry.status ?? "-"]
    if let microseconds = entry.microseconds { details.append(Self.padded("\(microseconds) µs", to: 9)) }
    if let kept = entry.kept, let removed = entry.removed {
      details.append("\(kept) shown, \(removed) hidden;")
    }
    if let why = entry.reason ?? entry.rule { details.append(why) }
    // Somebody else may have written the file: only our own colours may steer the terminal.
    text = [
      Self.words([time, Self.column(entry.subject, 15), Self.column(entry.operation ?? entry.method, 9)]),
      Self.words([Self.column(entry.peer ?? (entry.operation == "list" ? nil : entry.endpoint), 14)]),
      hasColour ? Self.coloured(verdict) : verdict, Self.words(details),
    ].joined(separator: " ")
  }

  private static func words(_ words: [String]) -> String { printable(words.joined(separator: " ")) }

  private static func column(_ text: String?, _ width: Int) -> String {
    let text = text.flatMap { $0.isEmpty ? nil : $0 } ?? "-"
    let cut = text.count > longestColumn ? text.prefix(longestColumn - 1) + "…" : text[...]
    return padded(String(cut), to: width)
  }

  /// What is longer pushes what follows off the screen; `query --json` has it whole.
  private static let longestColumn = 48

  private static func quoted(_ value: String) -> String { value.contains(" ") ? "\"\(value)\"" : value }

  private static func coloured(_ verdict: String) -> String {
    let colour = verdict.hasPrefix("allow") ? "32" : verdict.hasPrefix("deny") ? "31" : "33"
    return "\u{1B}[\(colour)m\(verdict)\u{1B}[0m"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }

  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || isBidirectional(scalar) ? "\u{FFFD}" : scalar
        }))
  }

  /// Marks that turn the direction of what follows.
  private static func isBidirectional(_ scalar: Unicode.Scalar) -> Bool {
    0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value
  }
}
