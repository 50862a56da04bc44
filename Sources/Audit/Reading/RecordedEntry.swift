// A line of the log, read back for people.
import Bytes
import JSON

/// What `tail` and `query` need of a line. Whatever is missing from it is nil: logs outlive versions.
package struct RecordedEntry: Sendable {
  package let createdAt: String
  package let eventType: String
  package let id: String?
  /// The client's own name of the request, and the trace it is part of.
  package let requestID: String?
  package let traceID: String?
  package let isStart: Bool
  package let subject: String?
  package let accessorID: String?
  package let method: String?
  package let endpoint: String?
  package let remoteAddress: String?
  package let status: String?
  package let operation: String?
  package let peer: String?
  package let partition: String?
  package let outcome: String?
  package let rule: String?
  package let reason: String?
  package let kept: String?
  package let removed: String?
  package let microseconds: String?
  /// What the payload says by itself, names and values: all there is to read of lines that no request caused.
  package let facts: [(name: String, value: String)]

  /// Nil for what is no audit line; the check of digests is not this one's business.
  package init?(_ line: Span<UInt8>) {
    guard let document = try? Document.parse(line), let record = Members(document.value),
      let createdAt = record["created_at"], let eventType = record["event_type"],
      let payload = record.object("payload")
    else { return nil }
    self.createdAt = createdAt
    self.eventType = eventType
    id = payload["id"]
    isStart = payload["stage"] == "OperationStart"
    subject = payload.object("auth")?["description"]
    accessorID = payload.object("auth")?["accessor_id"]
    let request = payload.object("request")
    requestID = request?["request_id"]
    traceID = request?["trace_id"]
    method = request?["operation"]
    endpoint = request?["endpoint"]
    remoteAddress = request?["remote_addr"]
    status = payload.object("response")?["status"]
    let peering = payload.object("peering")
    operation = peering?["operation"]
    peer = peering?["peer"]
    partition = peering?["partition"]
    kept = peering?["kept"]
    removed = peering?["removed"]
    outcome = payload.object("decision")?["outcome"]
    rule = payload.object("decision")?["rule"]
    reason = payload["reason"]
    microseconds = payload["duration_us"]
    facts = payload.scalars
  }

  /// An object's members by name; strings and numbers as text.
  private struct Members {
    let members: [Member]

    init?(_ value: Value?) {
      guard case .object(let members)? = value else { return nil }
      self.members = members
    }

    func object(_ name: ByteString) -> Members? { Members(members.first { $0.name == name }?.node.value) }

    subscript(name: ByteString) -> String? {
      members.first { $0.name == name }.flatMap { Self.text($0.node.value) }
    }

    var scalars: [(name: String, value: String)] {
      members.compactMap { member in Self.text(member.node.value).map { (member.name.string, $0) } }
    }

    private static func text(_ value: Value) -> String? {
      switch value {
      case .string(let text): text.string
      case .number(let text): text
      case .bool(let bool): "\(bool)"
      default: nil
      }
    }
  }
}
