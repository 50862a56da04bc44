// One entry, one line.
import JSON

/// Turns entries into lines, on the thread that has them. One of these belongs to one worker.
package struct LineEncoder: Sendable {
  private var timestamp = TimestampFormatter()

  package init() {}

  /// Appends `entry` to `batch` as an open line: `seq`, the closing brace and the newline are the
  /// journal's to add. `now` is both `created_at` and `timestamp`.
  package mutating func append(_ entry: borrowing Entry, to batch: inout Batch, at now: WallTime = .now()) {
    timestamp.format(now)
    batch.appendLine { bytes in
      var writer = Writer(appendingTo: bytes)
      writer.beginObject()
      writer.key("created_at")
      writer.string(timestamp.text.span)
      writer.key("event_type")
      writer.string("audit")
      writer.key("payload")
      writer.beginObject()
      entry.writePayload(timestamp.text, to: &writer)
      writer.endObject()
      writer.endObject()
      var line = writer.finish()
      line.removeLast()
      return line
    }
  }
}

extension Entry {
  fileprivate borrowing func writePayload(_ timestamp: [UInt8], to writer: inout Writer) {
    writer.key("id")
    writer.string(id)
    writer.key("version")
    writer.string("1")
    writer.key("type")
    writer.string("HTTPEvent")
    writer.key("timestamp")
    writer.string(timestamp.span)
    if let auth { auth.write(to: &writer) }
    request.write(to: &writer)
    switch stage {
    case .start:
      writer.key("stage")
      writer.string("OperationStart")
    case .complete(let status):
      writer.key("response")
      writer.beginObject()
      writer.key("status")
      writer.string(String(status))
      writer.endObject()
      writer.key("stage")
      writer.string("OperationComplete")
    }
    if let peering { peering.write(to: &writer) }
    decision.write(to: &writer)
    if let reason {
      writer.key("reason")
      ClientText.append(reason, limit: AuditLimits.reasonBytes, to: &writer)
    }
    if let tls { tls.write(to: &writer) }
    if let durationMicroseconds {
      writer.key("duration_us")
      writer.number(durationMicroseconds)
    }
  }
}

extension Entry.Auth {
  fileprivate func write(to writer: inout Writer) {
    writer.key("auth")
    writer.beginObject()
    writer.key("accessor_id")
    writer.string(accessorID)
    writer.key("description")
    writer.string(tokenName)
    writer.endObject()
  }
}

extension Entry.Request {
  fileprivate func write(to writer: inout Writer) {
    writer.key("request")
    writer.beginObject()
    writer.key("operation")
    ClientText.append(method, limit: AuditLimits.clientTextBytes, to: &writer)
    writer.key("endpoint")
    let path = endpoint.span
    let end = path.indices.first { path[$0] == UInt8(ascii: "?") } ?? path.count
    ClientText.append(path.extracting(0..<end), limit: AuditLimits.endpointBytes, to: &writer)
    writer.key("remote_addr")
    writer.string(remoteAddress)
    if let userAgent {
      writer.key("user_agent")
      ClientText.append(userAgent, limit: AuditLimits.clientTextBytes, to: &writer)
    }
    if let host {
      writer.key("host")
      ClientText.append(host, limit: AuditLimits.clientTextBytes, to: &writer)
    }
    if !headers.isEmpty {
      writer.key("headers")
      writer.beginObject()
      for header in headers.prefix(AuditLimits.headersPerEntry) {
        writer.key(header.name)
        ClientText.append(header.value, limit: AuditLimits.clientTextBytes, to: &writer)
      }
      writer.endObject()
    }
    writer.endObject()
  }
}

extension Entry.Peering {
  fileprivate func write(to writer: inout Writer) {
    writer.key("peering")
    writer.beginObject()
    writer.key("operation")
    writer.string(operation)
    if let peer {
      writer.key("peer")
      writer.string(peer)
    }
    writer.key("partition")
    writer.string(partition)
    writer.key("access")
    writer.string(access)
    if let tokenDigest {
      writer.key("token_digest")
      writer.string(tokenDigest)
    }
    if let kept {
      writer.key("kept")
      writer.number(kept)
    }
    if let removed {
      writer.key("removed")
      writer.number(removed)
    }
    writer.endObject()
  }
}

extension Entry.Decision {
  fileprivate func write(to writer: inout Writer) {
    writer.key("decision")
    writer.beginObject()
    writer.key("outcome")
    switch outcome {
    case .allow: writer.string("allow")
    case .deny: writer.string("deny")
    case .refuse: writer.string("refuse")
    }
    if let rule {
      writer.key("rule")
      writer.string(rule)
    }
    if let policyDigest {
      writer.key("policy_digest")
      writer.string(policyDigest)
    }
    writer.endObject()
  }
}

extension Entry.TLS {
  fileprivate func write(to writer: inout Writer) {
    writer.key("tls")
    writer.beginObject()
    writer.key("version")
    writer.string(version)
    writer.key("cipher")
    writer.string(cipher)
    if let subject {
      writer.key("subject")
      ClientText.append(subject, limit: AuditLimits.clientTextBytes, to: &writer)
    }
    if !names.isEmpty {
      writer.key("names")
      writer.beginArray()
      for name in names.prefix(AuditLimits.certificateNamesPerEntry) {
        ClientText.append(name, limit: AuditLimits.clientTextBytes, to: &writer)
      }
      writer.endArray()
    }
    writer.endObject()
  }
}
