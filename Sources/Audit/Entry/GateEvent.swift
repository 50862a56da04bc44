// What happens to the gate itself.
import JSON

/// A line that no single request caused:
///
/// | `event_type` | payload | when |
/// |---|---|---|
/// | `gate-start` | `gate`, its name, `address` and `upstream` of the gate, `policy_digest`, `token_digest_key` (its name), `token_digest_key_is_kept` from run to run, `levels`, `policy_levels` | it begins to serve |
/// | `gate-reload` | `cause` (`signal` or `watch`), `old_digest` and `new_digest` of the policies, `files` that are others than before, `more_files` that are not told by name, `restart_needed`, `levels`, `policy_levels` | new policies are in force |
/// | `gate-reload-refused` | `cause`, `digest` of the policies that stay in force, `reason` | what was to be read was not valid |
/// | `gate-unrecorded` | `since`, and how many answers to a `read` and to a `list` | every few seconds, if there were any |
/// | `gate-handshakes-failed` | `remote_addr` and `reason` of one; `suppressed` ones before it that have no line | see `HandshakeFailures` of the gate |
/// | `gate-refusals-thinned` | `since`, and how many requests were refused with no line of their own: `no_credential`, `unknown_token`, `malformed`, `incomplete`, `too_many`, `options` (which are answered, and to anybody) | every few seconds, if there were any: see `RepeatedRefusals` of the gate |
/// | `gate-withheld` | `ids` of requests whose client was told 503, whatever their records say; `more` that are not told by id | as soon as anything can be written |
/// | `gate-upstream-lost` | `upstream`, `reason` | Consul gave no answer, after it had |
/// | `gate-upstream-back` | `upstream`, `since` when it was lost, `failures` until it answered | it answers again |
/// | `gate-sink-lost` | `sink`, `reason`, lines `waiting` for it | another sink does not keep what it is given; in its own log that is `audit-gap` |
/// | `gate-sink-back` | `sink`, `since` when it was lost, lines `lost`, `failures`, those that have no line of their own included | it keeps lines again |
/// | `gate-clock-set-back` | time `from` which it was set back, and `to` which | the clock of the machine went back by more than a second |
/// | `gate-drain` | | it accepts no more connections |
/// | `gate-stop` | `failed_handshakes` and `silent_connections`, which sent nothing at all, in the whole run | all connections have ended |
///
/// Of `files`, each has `file`, `kind` (see `LoadedFile` of the gate) and the SHA-256 of its content `before` and `after`,
/// one of them if it is new or gone, and none of a token. Of a file with a private key it is that of the public key.
/// `restart_needed` names settings that are others than before and will hold from the next start on.
///
/// `created_at`, `seq` and `previous` as in `Entry`. `levels` and `policy_levels` say which operations and which
/// policies are not recorded in full; they are missing where all are.
package struct GateEvent: Sendable {
  package enum Name: String, Sendable {
    case start, stop, drain, reload
    /// A reload that was refused; the old set stays in force.
    case reloadRefused = "reload-refused"
    /// Allowed answers that the operator asked not to record, by operation, since the last such line of the worker.
    case unrecorded
    /// A handshake that failed, and how many more did since the worker's last such line that have none of their own.
    case handshakesFailed = "handshakes-failed"
    /// Refusals that anybody can cause, and that a flood kept from lines of their own.
    case refusalsThinned = "refusals-thinned"
    /// Consul can no longer be used, and can be again.
    case upstreamLost = "upstream-lost"
    case upstreamBack = "upstream-back"
    /// Another sink does not keep lines, and does again.
    case sinkLost = "sink-lost"
    case sinkBack = "sink-back"
    case clockSetBack = "clock-set-back"
    /// Takes back what records say of answers that did not leave.
    case withheld
  }

  package typealias Member = (name: StaticString, fact: Fact)

  package indirect enum Fact: Sendable {
    case text(String)
    case number(Int)
    case bool(Bool)
    case time(WallTime)
    case list([String])
    case objects([[Member]])
    /// Bytes of a client's: see `ClientText`.
    case client([UInt8])
  }

  package var name: Name
  package var facts: [Member]

  package init(_ name: Name, facts: [Member] = []) {
    self.name = name
    self.facts = facts
  }

  func write(to writer: inout Writer) { Self.write(facts, to: &writer) }

  private static func write(_ facts: [Member], to writer: inout Writer) {
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
      case .list(let texts):
        writer.beginArray(name)
        for text in texts { writer.string(text) }
        writer.endArray()
      case .objects(let objects):
        writer.beginArray(name)
        for object in objects {
          writer.beginObject()
          write(object, to: &writer)
          writer.endObject()
        }
        writer.endArray()
      case .client(let bytes): writer.member(name, client: bytes, limit: AuditLimits.reasonBytes)
      }
    }
  }
}
