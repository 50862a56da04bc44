// One entry, one line.
import Glibc
import JSON

/// Turns entries into lines, on the thread that has them. One of these belongs to one worker.
package struct LineEncoder: Sendable {
  private var timestamp = TimestampFormatter()

  /// In every line, if the operator wants it there.
  private let gate: QuotedString?

  package init(gate: GateName? = nil) { self.gate = gate.map { QuotedString($0.text) } }

  /// Appends `entry` to `batch` as an open line: `seq`, the closing brace and the newline are the
  /// journal's to add. `now` is both `created_at` and `timestamp`.
  package mutating func append(
    _ entry: borrowing Entry, _ extent: Entry.Extent = .full, to batch: inout Batch, at now: WallTime = .now()
  ) {
    timestamp.format(now)
    batch.appendLine(at: now, within: entry.greatestLength + (gate?.json.count ?? 0)) {
      entry.write(extent, timestamp.text.span, gate, to: &$0)
    }
  }

  /// Appends what happened to the gate itself.
  package mutating func append(_ event: GateEvent, to batch: inout Batch, at now: WallTime = .now()) {
    timestamp.format(now)
    batch.appendLine(at: now) { bytes in
      var writer = Writer(appendingTo: consume bytes)
      writer.beginObject()
      writer.member("created_at", timestamp.text.span)
      writer.member("event_type", "gate-" + event.name.rawValue)
      writer.beginObject("payload")
      if let gate {
        writer.key("gate")
        writer.raw(gate.json.span)
      }
      event.write(to: &writer)
      writer.endObject()
      writer.endObject()
      var line = (consume writer).finish()
      line.removeLast()
      return line
    }
  }
}

extension Entry {
  /// No line of this entry is longer: every byte of a text as an escape of six, names and punctuation on top. What
  /// comes quoted has its length.
  fileprivate var greatestLength: Int {
    var quoted = connection.remoteAddress.json.count + (connection.tls?.member.count ?? 0)
    quoted +=
      (auth?.member.count ?? 0) + (request.words?.length ?? 0) + (peering?.length ?? 0)
    quoted += upstream?.beginning.count ?? 0
    quoted += (decision.rule?.json.count ?? 0) + (decision.policyDigest?.json.count ?? 0)

    var texts = id.count + request.methodRange.count + request.endpointRange.count + (reason?.count ?? 0)
    texts += (peering?.tokenDigest?.utf8.count ?? 0) + (shadow?.length ?? 0)
    return AuditLimits.namesBytes + quoted + 6 * texts
  }

  fileprivate func write(
    _ extent: Extent, _ timestamp: Span<UInt8>, _ gate: QuotedString?, to line: inout OutputSpan<UInt8>
  ) {
    line.append(json: #"{"created_at":"#)
    line.append(quoted: timestamp)
    line.append(json: #","event_type":"audit","payload":{"id":"#)
    line.append(client: id.span, limit: AuditLimits.clientTextBytes)
    line.append(json: #","version":"1","type":"HTTPEvent","timestamp":"#)
    line.append(quoted: timestamp)
    line.append(#","gate":"#, gate)
    if let auth { line.append(bytes: auth.member.span) }
    // Chained rather than bound: a binding would count the references of what it binds.
    request.write(extent, from: connection, to: &line)
    switch stage {
    case .start:
      line.append(json: #","stage":"OperationStart""#)
    case .complete(let status):
      line.append(#","response":{"status":""#, status)
      line.append(json: #""},"stage":"OperationComplete""#)
    }
    if extent == .reduced { line.append(json: #","level":"reduced""#) }
    peering?.write(to: &line)
    decision.write(extent, to: &line)
    shadow?.write(to: &line)
    if extent == .full { upstream?.write(repetition, to: &line) }
    line.append(#","reason":"#, client: reason?[...], limit: AuditLimits.reasonBytes)
    if extent == .full, let tls = connection.tls { line.append(bytes: tls.member.span) }
    line.append(#","duration_us":"#, durationMicroseconds)
    line.append(json: "}")
  }
}

extension Entry.Request {
  fileprivate func write(
    _ extent: Entry.Extent, from connection: Entry.Connection, to output: inout OutputSpan<UInt8>
  ) {
    let line = line.span
    output.append(json: #","request":{"operation":"#)
    output.append(client: line.extracting(methodRange), limit: AuditLimits.clientTextBytes)
    output.append(json: #","endpoint":"#)
    let path = line.extracting(endpointRange)
    output.append(client: path.extracting(..<path.endOfPath), limit: AuditLimits.endpointBytes)
    output.append(#","remote_addr":"#, connection.remoteAddress)
    if let words {
      let members = words.members.span
      output.append(bytes: extent == .full ? members : members.extracting(..<words.identifiersLength))
    }
    output.append(json: "}")
  }
}

extension Entry.Words {
  fileprivate var length: Int { members.count }
}

extension Span<UInt8> {
  /// Where a query begins, or the end.
  fileprivate var endOfPath: Int {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let mark = unsafe memchr(start, 0x3F, bytes.count) else {
        return count
      }
      return unsafe start.distance(to: UnsafeRawPointer(mark))
    }
  }
}

extension Entry.Peering {
  fileprivate var length: Int { beginning.count + (token?.member.count ?? 0) }

  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(bytes: beginning.span)
    line.append(#","token_digest":"#, tokenDigest)
    if let token { line.append(bytes: token.member.span) }
    line.append(#","kept":"#, kept)
    line.append(#","removed":"#, removed)
    line.append(json: "}")
  }
}

extension Entry.Decision {
  fileprivate func write(_ extent: Entry.Extent, to line: inout OutputSpan<UInt8>) {
    line.append(json: outcome.member)
    if extent == .full {
      line.append(#","rule":"#, rule)
      line.append(#","policy_digest":"#, policyDigest)
    }
    line.append(json: "}")
  }
}

extension Entry.Decision.Outcome {
  /// The beginning of the member `decision`, its object left open.
  fileprivate var member: StaticString {
    switch self {
    case .allow: #","decision":{"outcome":"allow""#
    case .deny: #","decision":{"outcome":"deny""#
    case .refuse: #","decision":{"outcome":"refuse""#
    }
  }
}

extension Entry.Upstream {
  fileprivate func write(_ repetition: Entry.Repetition?, to line: inout OutputSpan<UInt8>) {
    line.append(bytes: beginning.span)
    switch repetition {
    case nil: break
    // A new connection is tried, and no further one.
    case .closed: line.append(json: #","repeated":1,"repeat_reason":"closed""#)
    case .requestTimeout: line.append(json: #","repeated":1,"repeat_reason":"request_timeout""#)
    }
    line.append(json: "}")
  }
}

extension Entry.Shadow {
  fileprivate var length: Int { difference.utf8.count + rule.utf8.count + policyDigest.utf8.count }

  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","shadow":{"difference":"#, difference)
    line.append(#","rule":"#, rule)
    line.append(#","policy_digest":"#, policyDigest)
    line.append(json: "}")
  }
}
