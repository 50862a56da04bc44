// A line of the audit log for a person to read.

import Audit
import Bytes

struct RecordLine {
  let text: String

  /// - Parameter isWithheld: whether the log says further on that the answer did not leave.
  init(_ entry: RecordedEntry, hasColour: Bool, isLocal: Bool = false, isWithheld: Bool = false) {
    // Of 2026-01-02T03:04:05.678901Z people read the seconds.
    let time = String((isLocal ? entry.localTime : entry.createdAt).string.prefix(19)).replacing(
      "T", with: " ")
    guard let outcome = entry.outcome else {
      text = Self.printable([time, entry.eventType.string, entry.statement.string].joined(separator: " "))
      return
    }
    let verdict = Self.padded(Self.printable(outcome.string), to: 6)
    var details = [entry.isStart ? "..." : entry.status?.string ?? "-"]
    if isWithheld { details.append("withheld") }
    if let microseconds = entry.microseconds { details.append(Self.padded("\(microseconds) µs", to: 9)) }
    if let kept = entry.kept, let removed = entry.removed {
      details.append("\(kept) shown, \(removed) hidden;")
    }
    if let why = Self.explanation(entry) { details.append(why.string) }
    if let upstream = entry.upstream, entry.reason != nil || entry.repeated != nil {
      details.append("(asked \(upstream)\(entry.repeated == nil ? "" : ", once more"))")
    }
    // Somebody else may have written the file: only our own colours may steer the terminal.
    text = [
      Self.printable(time), Self.column(entry.subject, 15), Self.column(entry.operation ?? entry.method, 9),
      Self.column(entry.peer ?? (entry.operation == "list" ? nil : entry.endpoint), 14),
      hasColour ? Self.coloured(verdict, outcome) : verdict, Self.printable(details.joined(separator: " ")),
    ].joined(separator: " ")
  }

  /// What went wrong after a rule had allowed it says more than the rule.
  private static func explanation(_ entry: RecordedEntry) -> ByteString? { entry.reason ?? entry.rule }

  private static func column(_ text: ByteString?, _ width: Int) -> String {
    let text = text.flatMap { $0.isEmpty ? nil : printable($0.string) } ?? "-"
    let scalars = text.unicodeScalars
    let cut = scalars.prefix(longestColumn)
    guard cut.endIndex < scalars.endIndex else { return padded(text, to: width) }
    return String(scalars.prefix(longestColumn - 1)) + "…"
  }

  /// What is longer pushes what follows off the screen; `query --json` has it whole.
  private static let longestColumn = 48
  /// The gate writes no text that is longer; anyone who forged one does not fill the screen with it.
  private static let longestText = 1_024

  private static func coloured(_ verdict: String, _ outcome: ByteString) -> String {
    let colour = outcome == "allow" ? "32" : outcome == "deny" ? "31" : "33"
    return "\u{1B}[\(colour)m\(verdict)\u{1B}[0m"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    let count = text.unicodeScalars.count
    return count >= width ? text : text + String(repeating: " ", count: width - count)
  }

  private static func printable(_ text: String) -> String {
    var scalars = text.unicodeScalars.prefix(longestText).map { $0.isInvisible ? "\u{FFFD}" : $0 }
    if text.unicodeScalars.dropFirst(longestText).first != nil { scalars.append("…") }
    return String(String.UnicodeScalarView(scalars))
  }
}
