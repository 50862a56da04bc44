// One entry, one line.
import JSON

/// Turns entries into lines, on the thread that has them. One of these belongs to one worker.
package struct LineEncoder: Sendable {
  private var timestamp = TimestampFormatter()

  package init() {}

  /// Appends `entry` to `batch` as an open line: `seq`, the closing brace and the newline are the
  /// journal's to add. `now` is both `created_at` and `timestamp`.
  package mutating func append(_ entry: Entry, to batch: inout Batch, at now: WallTime = .now()) {
    timestamp.format(now)
    let room = entry.greatestLength
    batch.appendLine { bytes in
      var line = consume bytes
      line.append(addingCapacity: room) { entry.write(timestamp.text, to: &$0) }
      return line
    }
  }

  /// Appends what happened to the gate itself.
  package mutating func append(_ event: GateEvent, to batch: inout Batch, at now: WallTime = .now()) {
    timestamp.format(now)
    batch.appendLine { bytes in
      var writer = Writer(appendingTo: consume bytes)
      writer.beginObject()
      writer.member("created_at", timestamp.text.span)
      writer.member("event_type", "gate-" + event.name.rawValue)
      writer.beginObject("payload")
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
  /// No line of this entry is longer: every byte as an escape of six, every client's byte as one of five,
  /// names and punctuation on top.
  fileprivate var greatestLength: Int {
    var texts = id.utf8.count + request.remoteAddress.utf8.count
    if let auth { texts += auth.accessorID.utf8.count + auth.tokenName.utf8.count }
    if let peering {
      texts += peering.operation.utf8.count + peering.partition.utf8.count + peering.access.utf8.count
      texts += (peering.peer?.utf8.count ?? 0) + (peering.tokenDigest?.utf8.count ?? 0)
    }
    texts += (decision.rule?.utf8.count ?? 0) + (decision.policyDigest?.utf8.count ?? 0)
    if let shadow {
      texts += shadow.difference.utf8.count + shadow.rule.utf8.count + shadow.policyDigest.utf8.count
    }
    if let tls { texts += tls.version.utf8.count + tls.cipher.utf8.count }

    var client = request.method.count + request.endpoint.count + (reason?.count ?? 0)
    client += (request.userAgent?.count ?? 0) + (request.host?.count ?? 0) + (tls?.subject?.count ?? 0)
    for header in request.headers {
      client += header.value.count
      texts += header.name.utf8.count + 8
    }
    for name in tls?.names ?? [] { client += name.count + 8 }
    return AuditLimits.namesBytes + 6 * (texts + client)
  }

  fileprivate func write(_ timestamp: [UInt8], to line: inout OutputSpan<UInt8>) {
    line.append(json: #"{"created_at":"#)
    line.append(quoted: timestamp.span)
    line.append(json: #","event_type":"audit","payload":{"id":"#)
    line.append(string: id)
    line.append(json: #","version":"1","type":"HTTPEvent","timestamp":"#)
    line.append(quoted: timestamp.span)
    if let auth { auth.write(to: &line) }
    request.write(to: &line)
    switch stage {
    case .start:
      line.append(json: #","stage":"OperationStart""#)
    case .complete(let status):
      line.append(#","response":{"status":"#, String(status))
      line.append(json: #"},"stage":"OperationComplete""#)
    }
    if isReduced { line.append(json: #","level":"reduced""#) }
    if let peering { peering.write(to: &line) }
    decision.write(to: &line)
    if let shadow { shadow.write(to: &line) }
    line.append(#","reason":"#, client: reason, limit: AuditLimits.reasonBytes)
    if let tls { tls.write(to: &line) }
    line.append(#","duration_us":"#, durationMicroseconds)
    line.append(json: "}")
  }
}

extension Entry.Auth {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","auth":{"accessor_id":"#, accessorID)
    line.append(#","description":"#, tokenName)
    line.append(json: "}")
  }
}

extension Entry.Request {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","request":{"operation":"#, client: method, limit: AuditLimits.clientTextBytes)
    line.append(json: #","endpoint":"#)
    let query = endpoint.firstIndex(of: UInt8(ascii: "?")) ?? endpoint.count
    line.append(client: endpoint.span.extracting(..<query), limit: AuditLimits.endpointBytes)
    line.append(#","remote_addr":"#, remoteAddress)
    line.append(#","user_agent":"#, client: userAgent, limit: AuditLimits.clientTextBytes)
    line.append(#","host":"#, client: host, limit: AuditLimits.clientTextBytes)
    if !headers.isEmpty {
      line.append(json: #","headers":{"#)
      for (index, header) in headers.prefix(AuditLimits.headersPerEntry).enumerated() {
        if index > 0 { line.append(json: ",") }
        line.append(string: header.name)
        line.append(":", client: header.value, limit: AuditLimits.clientTextBytes)
      }
      line.append(json: "}")
    }
    line.append(json: "}")
  }
}

extension Entry.Peering {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","peering":{"operation":"#, operation)
    line.append(#","peer":"#, peer)
    line.append(#","partition":"#, partition)
    line.append(#","access":"#, access)
    line.append(#","token_digest":"#, tokenDigest)
    line.append(#","kept":"#, kept)
    line.append(#","removed":"#, removed)
    line.append(json: "}")
  }
}

extension Entry.Decision {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","decision":{"outcome":"#, outcome.rawValue)
    line.append(#","rule":"#, rule)
    line.append(#","policy_digest":"#, policyDigest)
    line.append(json: "}")
  }
}

extension Entry.Shadow {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","shadow":{"difference":"#, difference)
    line.append(#","rule":"#, rule)
    line.append(#","policy_digest":"#, policyDigest)
    line.append(json: "}")
  }
}

extension Entry.TLS {
  fileprivate func write(to line: inout OutputSpan<UInt8>) {
    line.append(#","tls":{"version":"#, version)
    line.append(#","cipher":"#, cipher)
    line.append(#","subject":"#, client: subject, limit: AuditLimits.clientTextBytes)
    if !names.isEmpty {
      line.append(json: #","names":["#)
      for (index, name) in names.prefix(AuditLimits.certificateNamesPerEntry).enumerated() {
        if index > 0 { line.append(json: ",") }
        line.append(client: name.span, limit: AuditLimits.clientTextBytes)
      }
      line.append(json: "]")
    }
    line.append(json: "}")
  }
}
