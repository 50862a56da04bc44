// Time, gate, who, what, verdict, rule, status, duration: one line for a person.

import Audit
import Gate
import Glibc
import Record
import Sockets

struct DecisionLine {
  let text: String

  init(_ report: DecisionReport, gate: String, hasColour: Bool) {
    let verdict: String
    let colour: String
    switch report.outcome {
    case .allow: (verdict, colour) = ("allow", "32")
    case .deny: (verdict, colour) = ("deny", "31")
    case .refuse: (verdict, colour) = ("refuse", "33")
    }
    var words = [Self.timeOfDay(), gate, Self.padded(report.subject ?? "-", to: 15)]
    words.append(Self.padded(report.operation ?? report.method, to: 9))
    words.append(Self.padded(report.peer ?? Self.printable(report.path), to: 14))
    let shown = Self.padded(verdict, to: 6)
    words.append(hasColour ? "\u{1B}[\(colour)m\(shown)\u{1B}[0m" : shown)
    words.append(String(report.status))
    words.append(Self.padded("\(report.microseconds) µs", to: 9))
    if let kept = report.kept, let removed = report.removed {
      words.append("\(kept) shown, \(removed) hidden;")
    }
    // What went wrong after a rule had allowed it says more than the rule.
    if let reason = report.reason {
      words.append(Self.printable(reason))
    } else if let rule = report.rule {
      words.append(rule)
    }
    text = words.joined(separator: " ")
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }

  /// What a client wrote must not steer the terminal.
  private static func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(120), as: UTF8.self).unicodeScalars
      .map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "�" : String($0) }.joined()
  }

  private static func timeOfDay() -> String {
    var seconds = time_t(WallClock.seconds)
    var local = unsafe tm()
    unsafe localtime_r(&seconds, &local)
    return unsafe [local.tm_hour, local.tm_min, local.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(
      separator: ":")
  }
}
