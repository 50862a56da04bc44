// What happens to the gate itself.
import JSON

/// A line that no single request caused:
///
/// | field | content |
/// |---|---|
/// | `created_at` | as in `Entry` |
/// | `event_type` | `gate-` and the name: `gate-start`, `gate-stop`, `gate-drain`, `gate-reload`, … |
/// | `payload` | the facts, in the order given |
/// | `seq`, `previous` | as in `Entry` |
package struct GateEvent: Sendable {
  package enum Name: String, Sendable {
    case start, stop, drain, reload
    /// A reload that was refused; the old set stays in force.
    case reloadRefused = "reload-refused"
    /// Allowed answers that the operator asked not to record, by operation, since the last such line of the worker.
    case unrecorded
    /// A handshake that failed, and how many more did since the worker's last such line that have none of their own.
    case handshakesFailed = "handshakes-failed"
  }

  package enum Fact: Sendable {
    case text(String)
    case number(Int)
    case bool(Bool)
    case time(WallTime)
    /// Bytes of a client's: see `ClientText`.
    case client([UInt8])
  }

  package var name: Name
  package var facts: [(name: StaticString, fact: Fact)]

  package init(_ name: Name, facts: [(name: StaticString, fact: Fact)] = []) {
    self.name = name
    self.facts = facts
  }

  func write(to writer: inout Writer) {
    for (name, fact) in facts {
      switch fact {
      case .text(let text): writer.member(name, text)
      case .number(let number): writer.member(name, number)
      case .bool(let bool):
        writer.key(name)
        writer.bool(bool)
      case .time(let time):
        var timestamp = TimestampFormatter()
        timestamp.format(time)
        writer.member(name, timestamp.text.span)
      case .client(let bytes): writer.member(name, client: bytes, limit: AuditLimits.reasonBytes)
      }
    }
  }
}
