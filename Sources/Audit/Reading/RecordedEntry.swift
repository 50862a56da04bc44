// A line of the log, read back for people.
package import Bytes
import JSON

/// What the readers need of a line. Whatever is missing from it is nil, and whatever else is there is no fault: logs
/// outlive versions. Numbers are kept as they are written.
package struct RecordedEntry: Sendable {
  package let createdAt: ByteString
  package let eventType: ByteString
  package let sequence: ByteString?
  package let id: ByteString?
  /// The gate's own ids of the requests that the line is about, as it takes their answers back.
  package let otherIDs: [ByteString]
  /// What the client called its request, and the trace that it is part of: any number of requests may have the same.
  package let clientIDs: [ByteString]
  package let stage: ByteString?
  package let subject: ByteString?
  package let accessorID: ByteString?
  /// The recognised name first, then the names and the subject that the client's certificate states.
  package let certificateNames: [ByteString]
  package let method: ByteString?
  package let endpoint: ByteString?
  package let remoteAddress: ByteString?
  package let status: ByteString?
  package let operation: ByteString?
  package let peer: ByteString?
  package let partition: ByteString?
  package let access: ByteString?
  package let tokenDigest: ByteString?
  package let outcome: ByteString?
  package let rule: ByteString?
  package let policyDigest: ByteString?
  /// Address of the Consul that was asked.
  package let upstream: ByteString?
  /// How often it was asked once more.
  package let repeated: ByteString?
  package let reason: ByteString?
  package let kept: ByteString?
  package let removed: ByteString?
  package let microseconds: ByteString?
  /// What the payload says by itself, names and values: all there is to read of lines that no request caused.
  package let facts: [(name: ByteString, value: ByteString)]
  /// Of a reload.
  package let changedFiles: [ChangedFile]

  package struct ChangedFile: Sendable {
    package let kind: ByteString?
    package let file: ByteString?
    package let before: ByteString?
    package let after: ByteString?
  }

  /// Why a line is no record.
  package enum Fault: String, Error, Sendable, CaseIterable {
    case tooLong = "longer than 1 MiB"
    case notJSON = "not JSON"
    case noRecord = "no audit record"
    /// A reader takes for a record what a check of the log takes for one, and nothing else.
    case notChained = "not numbered and linked as records are, or unfinished"
  }

  package var isStart: Bool { stage == "OperationStart" }

  package func fact(_ name: ByteString) -> ByteString? { facts.first { $0.name == name }?.value }

  /// The check of digests is not this one's business; that a number and a link are where a record has them is. `length` is what the line had before it was cut.
  package init(_ line: Span<UInt8>, length: Int? = nil) throws(Fault) {
    if let length, length > line.count { throw .tooLong }
    let root: Members?
    do throws(Malformation) {
      root = Members(try Document.parse(line, limits: AuditLimits.recordJSON).value)
    } catch {
      throw .notJSON
    }
    guard let root, let createdAt = root["created_at"], let eventType = root["event_type"],
      let payload = root.object("payload")
    else { throw .noRecord }
    guard LogLine(line) != nil else { throw .notChained }
    self.createdAt = createdAt
    self.eventType = eventType
    sequence = root["seq"]
    id = payload["id"]
    stage = payload["stage"]
    let auth = payload.object("auth")
    subject = auth?["description"]
    accessorID = auth?["accessor_id"]
    let tls = payload.object("tls")
    certificateNames =
      [auth?["certificate_name"]].compactMap { $0 } + (tls?.texts("names") ?? [])
      + [tls?["subject"]].compactMap { $0 }
    let request = payload.object("request")
    method = request?["operation"]
    endpoint = request?["endpoint"]
    remoteAddress = request?["remote_addr"] ?? payload["remote_addr"]
    otherIDs = payload.texts("ids") ?? []
    clientIDs = payload.clientIdentifiers + (request?.clientIdentifiers ?? [])
    status = payload.object("response")?["status"]
    let peering = payload.object("peering")
    operation = peering?["operation"]
    peer = peering?["peer"]
    partition = peering?["partition"]
    access = peering?["access"]
    tokenDigest = peering?["token_digest"]
    kept = peering?["kept"]
    removed = peering?["removed"]
    let decision = payload.object("decision")
    outcome = decision?["outcome"]
    rule = decision?["rule"]
    policyDigest = decision?["policy_digest"]
    let asked = payload.object("upstream")
    upstream = asked?["address"]
    repeated = asked?["repeated"]
    reason = payload["reason"]
    microseconds = payload["duration_us"]
    facts = payload.facts
    changedFiles = payload.objects("files").map { file in
      ChangedFile(kind: file["kind"], file: file["file"], before: file["before"], after: file["after"])
    }
  }

  /// An object's members by name; strings, numbers and truth values as text.
  private struct Members {
    let members: [Member]

    init?(_ value: Value?) {
      guard case .object(let members)? = value else { return nil }
      self.members = members
    }

    private func value(_ name: ByteString) -> Value? { members.first { $0.name == name }?.node.value }

    func object(_ name: ByteString) -> Members? { Members(value(name)) }

    func objects(_ name: ByteString) -> [Members] {
      guard case .array(let elements)? = value(name) else { return [] }
      return elements.compactMap { Members($0.value) }
    }

    subscript(name: ByteString) -> ByteString? { value(name).flatMap(Self.text) }

    func texts(_ name: ByteString) -> [ByteString]? { value(name).flatMap(Self.texts) }

    /// `request_id`, `client_trace_id` and the like, whatever a version calls them.
    var clientIdentifiers: [ByteString] {
      members.flatMap { member -> [ByteString] in
        guard member.name.hasSuffix("request_id") || member.name.hasSuffix("trace_id") else { return [] }
        return Self.text(member.node.value).map { [$0] } ?? Self.texts(member.node.value) ?? []
      }
    }

    var facts: [(name: ByteString, value: ByteString)] {
      members.compactMap { member in
        if let text = Self.text(member.node.value) { return (member.name, text) }
        guard case .array(let elements) = member.node.value else { return nil }
        let texts = elements.map { Self.joined($0.value).string }
        return (member.name, ByteString(texts.joined(separator: ",")))
      }
    }

    /// Text as it is; of an object in a list, such as a changed file, its values one after another.
    private static func joined(_ value: Value) -> ByteString {
      guard let object = Members(value) else { return text(value) ?? "" }
      return ByteString(
        object.members.compactMap { text($0.node.value)?.string }.joined(separator: " "))
    }

    private static func texts(_ value: Value) -> [ByteString]? {
      guard case .array(let elements) = value else { return nil }
      return elements.compactMap { text($0.value) }
    }

    private static func text(_ value: Value) -> ByteString? {
      switch value {
      case .string(let text): text
      case .number(let text): ByteString(text)
      case .bool(let bool): bool ? "true" : "false"
      default: nil
      }
    }
  }
}
