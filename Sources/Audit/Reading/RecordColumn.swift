// What can be told of a line, one thing a column.
package import Bytes

package enum RecordColumn: String, Sendable, CaseIterable {
  case time, seq, gate, event, stage, id, subject
  case accessorID = "accessor_id"
  case certificate, source, method, endpoint, operation, peer, partition, access, decision, status
  /// Whether the answer did not leave, as a later line says.
  case withheld
  case rule, reason
  case duration = "duration_us"
  case kept, removed, upstream, repeated
  case tokenDigest = "token_digest"
  case policyDigest = "policy_digest"
  /// Whatever else a line that no request caused says, as `name=value`.
  case facts
  /// The client's own. Behind the others, since spreadsheets count them.
  case requestID = "request_id"

  package init?(named name: ByteString) {
    guard let column = Self.allCases.first(where: { ByteString($0.rawValue) == name }) else { return nil }
    self = column
  }

  package func value(
    of entry: RecordedEntry, gate: GateNames, isWithheld: Bool, isLocal: Bool
  ) -> ByteString? {
    switch self {
    case .time: isLocal ? entry.localTime : entry.createdAt
    case .seq: entry.sequence
    case .gate: gate.of(entry)
    case .event: entry.eventType
    case .stage: entry.stage
    case .id: entry.id
    case .requestID: entry.clientIDs.first
    case .subject: entry.subject
    case .accessorID: entry.accessorID
    case .certificate: entry.certificateNames.first
    case .source: entry.remoteAddress
    case .method: entry.method
    case .endpoint: entry.endpoint
    case .operation: entry.operation
    case .peer: entry.peer
    case .partition: entry.partition
    case .access: entry.access
    case .decision: entry.outcome
    case .status: entry.status
    case .withheld: isWithheld ? "yes" : nil
    case .rule: entry.rule
    case .reason: entry.reason
    case .duration: entry.microseconds
    case .kept: entry.kept
    case .removed: entry.removed
    case .upstream: entry.upstream
    case .repeated: entry.repeated
    case .tokenDigest: entry.tokenDigest
    case .policyDigest: entry.policyDigest ?? entry.fact("policy_digest")
    case .facts: entry.eventType == "audit" ? nil : entry.statement
    }
  }
}

extension RecordedEntry {
  /// The line's time in the zone of the reader, to the second.
  package var localTime: ByteString {
    WallTime(rfc3339: createdAt.utf8).map(LocalTime.text) ?? createdAt
  }

  /// The facts on one line. Keys and signatures are for machines.
  package var statement: ByteString {
    ByteString(
      facts.filter { $0.name != "key" && $0.name != "signature" }
        .map { fact in
          let value = fact.value.string
          return "\(fact.name)=" + (fact.value.contains(0x20) ? "\"\(value)\"" : value)
        }.joined(separator: " "))
  }
}
