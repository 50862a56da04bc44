// One entry, one line.
import JSON

/// Turns entries into lines, on the thread that has them. One of these belongs to one worker.
package struct LineEncoder: Sendable {
  private var timestamp = TimestampFormatter()

  package init() {}

  /// Appends `entry` to `batch` as an open line: `seq`, the closing brace and the newline are the
  /// journal's to add. `now` is both `created_at` and `timestamp`.
  package mutating func append(_ entry: borrowing Entry, to batch: inout Batch, at now: WallTime = .now()) {
    append("audit", to: &batch, at: now) { entry.writePayload($1, to: &$0) }
  }

  /// Appends what happened to the gate itself.
  package mutating func append(_ event: GateEvent, to batch: inout Batch, at now: WallTime = .now()) {
    append("gate-" + event.name.rawValue, to: &batch, at: now) { writer, _ in event.write(to: &writer) }
  }

  private mutating func append(
    _ eventType: String, to batch: inout Batch, at now: WallTime,
    writePayload: (inout Writer, _ timestamp: [UInt8]) -> Void
  ) {
    timestamp.format(now)
    batch.appendLine { bytes in
      var writer = Writer(appendingTo: consume bytes)
      writer.beginObject()
      writer.member("created_at", timestamp.text.span)
      writer.member("event_type", eventType)
      writer.beginObject("payload")
      writePayload(&writer, timestamp.text)
      writer.endObject()
      writer.endObject()
      var line = (consume writer).finish()
      line.removeLast()
      return line
    }
  }
}

extension Entry {
  fileprivate borrowing func writePayload(_ timestamp: [UInt8], to writer: inout Writer) {
    writer.member("id", id)
    writer.member("version", "1")
    writer.member("type", "HTTPEvent")
    writer.member("timestamp", timestamp.span)
    if let auth { auth.write(to: &writer) }
    request.write(to: &writer)
    switch stage {
    case .start:
      writer.member("stage", "OperationStart")
    case .complete(let status):
      writer.beginObject("response")
      writer.member("status", String(status))
      writer.endObject()
      writer.member("stage", "OperationComplete")
    }
    if let peering { peering.write(to: &writer) }
    decision.write(to: &writer)
    writer.member("reason", client: reason, limit: AuditLimits.reasonBytes)
    if let tls { tls.write(to: &writer) }
    writer.member("duration_us", durationMicroseconds)
  }
}

extension Entry.Auth {
  fileprivate func write(to writer: inout Writer) {
    writer.beginObject("auth")
    writer.member("accessor_id", accessorID)
    writer.member("description", tokenName)
    writer.endObject()
  }
}

extension Entry.Request {
  fileprivate func write(to writer: inout Writer) {
    writer.beginObject("request")
    writer.member("operation", client: method, limit: AuditLimits.clientTextBytes)
    writer.key("endpoint" as StaticString)
    let path = endpoint.prefix { $0 != UInt8(ascii: "?") }
    ClientText.append(path.span, limit: AuditLimits.endpointBytes, to: &writer)
    writer.member("remote_addr", remoteAddress)
    writer.member("user_agent", client: userAgent, limit: AuditLimits.clientTextBytes)
    writer.member("host", client: host, limit: AuditLimits.clientTextBytes)
    if !headers.isEmpty {
      writer.beginObject("headers")
      for header in headers.prefix(AuditLimits.headersPerEntry) {
        writer.key(header.name)
        ClientText.append(header.value.span, limit: AuditLimits.clientTextBytes, to: &writer)
      }
      writer.endObject()
    }
    writer.endObject()
  }
}

extension Entry.Peering {
  fileprivate func write(to writer: inout Writer) {
    writer.beginObject("peering")
    writer.member("operation", operation)
    writer.member("peer", peer)
    writer.member("partition", partition)
    writer.member("access", access)
    writer.member("token_digest", tokenDigest)
    writer.member("kept", kept)
    writer.member("removed", removed)
    writer.endObject()
  }
}

extension Entry.Decision {
  fileprivate func write(to writer: inout Writer) {
    writer.beginObject("decision")
    writer.member("outcome", outcome.rawValue)
    writer.member("rule", rule)
    writer.member("policy_digest", policyDigest)
    writer.endObject()
  }
}

extension Entry.TLS {
  fileprivate func write(to writer: inout Writer) {
    writer.beginObject("tls")
    writer.member("version", version)
    writer.member("cipher", cipher)
    writer.member("subject", client: subject, limit: AuditLimits.clientTextBytes)
    if !names.isEmpty {
      writer.beginArray("names")
      for name in names.prefix(AuditLimits.certificateNamesPerEntry) {
        ClientText.append(name.span, limit: AuditLimits.clientTextBytes, to: &writer)
      }
      writer.endArray()
    }
    writer.endObject()
  }
}
