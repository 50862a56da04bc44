// What the journal tells of its sinks and of the clock, as lines of the record.

package import Audit
package import Sockets
internal import Synchronization

/// Of a sink that fails the others tell: its own log has an `audit-gap` where it works again. Called on the threads of the
/// sinks.
package final class JournalEvents: Sendable {
  private struct State {
    /// Weak, since the journal holds what calls this.
    weak var journal: Journal?
    /// What came before the journal was open.
    var waiting: [Line] = []
    var sinks: [[UInt8]: Sink] = [:]
  }

  private struct Line {
    let event: GateEvent
    /// The sink that it does not go to.
    let exception: String?
  }

  private struct Sink {
    var toldAt: Deadline?
    /// Whether the outage that lasts has a line.
    var isTold = false
    /// Of outages that are over and have no line.
    var untold = (count: 0, lostLines: 0, since: WallTime?.none)
  }

  private let state = Mutex(State())
  private let gate: GateName?

  /// - Parameter gate: if each line is to say which gate wrote it.
  package init(gate: GateName?) { self.gate = gate }

  package func attach(_ journal: Journal) {
    let waiting = state.withLock { state in
      state.journal = journal
      defer { state.waiting = [] }
      return state.waiting
    }
    for line in waiting { send(line, to: journal) }
  }

  package func note(_ notice: JournalNotice, at now: Deadline = .now) {
    let (line, journal) = state.withLock { state -> (Line?, Journal?) in
      guard let line = Self.line(notice, &state, now) else { return (nil, nil) }
      guard let journal = state.journal else {
        if state.waiting.count < RecordLimits.earlyJournalEvents { state.waiting.append(line) }
        return (nil, nil)
      }
      return (line, journal)
    }
    if let line, let journal { send(line, to: journal) }
  }

  private static func line(_ notice: JournalNotice, _ state: inout State, _ now: Deadline) -> Line? {
    let key = Array(notice.sink.utf8)
    switch notice.event {
    case .failing(let error, let waiting):
      var sink = state.sinks[key] ?? Sink()
      defer { state.sinks[key] = sink }
      // One that comes and goes with every write must not fill the others.
      if let told = sink.toldAt, now < told.advanced(by: RecordLimits.sinkEventInterval) { return nil }
      sink.toldAt = now
      sink.isTold = true
      let facts: [GateEvent.Member] = [
        ("sink", .text(notice.sink)), ("reason", .client(Array("\(error)".utf8))),
        ("waiting", .number(waiting)),
      ]
      return Line(event: GateEvent(.sinkLost, facts: facts), exception: notice.sink)
    case .recovered(let outage):
      var sink = state.sinks[key] ?? Sink()
      defer { state.sinks[key] = sink }
      sink.untold.count += 1
      sink.untold.lostLines += outage.lostLines
      sink.untold.since = sink.untold.since ?? outage.since
      guard sink.isTold else { return nil }
      let facts: [GateEvent.Member] = [
        ("sink", .text(notice.sink)), ("since", .time(sink.untold.since ?? outage.since)),
        ("lost", .number(sink.untold.lostLines)), ("failures", .number(sink.untold.count)),
      ]
      sink = Sink(toldAt: sink.toldAt)
      return Line(event: GateEvent(.sinkBack, facts: facts), exception: notice.sink)
    case .clockSetBack(let from, let to):
      return Line(
        event: GateEvent(.clockSetBack, facts: [("from", .time(from)), ("to", .time(to))]), exception: nil)
    default: return nil
    }
  }

  private func send(_ line: Line, to journal: Journal) {
    var encoder = LineEncoder(gate: gate)
    var batch = Batch()
    encoder.append(line.event, to: &batch)
    journal.submit(batch, besides: line.exception)
  }
}
