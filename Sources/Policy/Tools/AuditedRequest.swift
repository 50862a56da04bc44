// A decision that was made, read back from the audit log.
package import Bytes
import JSON
import Peering

/// What one line of an audit file says of a decision, as far as it can be asked again. The policy layer does
/// not know the Audit layer: it reads the fields by the names that are the file's format.
package struct AuditedRequest: Sendable {
  /// Joins the two lines of one request.
  package let id: ByteString
  /// The second line of a request, or its only one.
  package let isComplete: Bool
  package let question: Question
  /// Nil where the secret was no token's.
  package let accessorID: AccessorID?
  /// As the record calls it.
  package let tokenName: ByteString
  package let isAllowed: Bool
  /// The rule that decided then, as the record cites it.
  package let rule: ByteString?
  package let instant: Timestamp?
  package let connection: PolicyAttributes
  /// Of an answered list, how many elements it showed and how many it hid.
  package let kept: Int?
  package let removed: Int?

  package enum Fault: Error, Sendable, Hashable {
    /// Not a JSON object on one line.
    case notJSON
    /// Not numbered and linked as every record is, or unfinished: anyone who checks the log does not take it for a record,
    /// so nobody may learn from it what was decided.
    case notChained
    /// An object that lacks what every record has.
    case noRecord
    /// A line that no request caused: a checkpoint, a start.
    case noRequest
    /// A line that counts answers which have none of their own: level `none`.
    case unrecorded(Int)
    /// A request that was refused before it was judged.
    case refused
    /// A request that was no peering operation, or a decision that nobody could ask for again.
    case noDecision
  }

  /// Reads one line, without its newline.
  package init(_ line: Span<UInt8>) throws(Fault) {
    let root: Node
    do throws(Malformation) {
      root = try Document.parse(line, limits: PolicyLimits.recordJSON)
    } catch {
      throw .notJSON
    }
    guard root.object != nil else { throw .notJSON }
    guard line.endsAsRecord else { throw .notChained }
    guard root["created_at"]?.bytes != nil, root["event_type"]?.bytes != nil, root["payload"]?.object != nil
    else { throw .noRecord }
    if let kind = root["event_type"]?.bytes, kind != "audit" {
      guard kind == "gate-unrecorded", let counts = root["payload"] else { throw .noRequest }
      throw .unrecorded(Self.unrecordedCount(counts))
    }
    if root["payload"]?["decision"]?["outcome"]?.bytes == "refuse" { throw .refused }
    guard let payload = root["payload"], let id = payload["id"]?.bytes,
      let peering = payload["peering"], let outcome = payload["decision"]?["outcome"]?.bytes,
      outcome == "allow" || outcome == "deny",
      let operation = Operation.allCases.first(where: { operation in
        peering["operation"]?.bytes == ByteString(operation.rawValue)
      })
    else { throw .noDecision }
    let peer = peering["peer"]?.string.flatMap { PeerName($0) }
    let partition = peering["partition"]?.string.map { Partition($0) } ?? .default
    guard let partition, (operation == .list) == (peer == nil) else { throw .noDecision }
    self.id = id
    isComplete = payload["stage"]?.bytes == "OperationComplete"
    question = Question(operation: operation, peer: peer, partition: partition)
    let auth = payload["auth"]
    accessorID = auth?["accessor_id"]?.bytes.flatMap { AccessorID($0) }
    tokenName = auth?["description"]?.bytes ?? "unknown token"
    isAllowed = outcome == "allow"
    rule = payload["decision"]?["rule"]?.bytes
    instant = root["created_at"]?.string.flatMap(Self.wholeSeconds)
    connection = Self.connection(payload)
    kept = peering["kept"]?.integer
    removed = peering["removed"]?.integer
  }

  /// No more than a gate could have answered; a forger's numbers must not overflow a sum.
  private static func unrecordedCount(_ counts: Node) -> Int {
    [counts["read"], counts["list"]].reduce(0) { sum, count in
      sum + min(max(count?.integer ?? 0, 0), PolicyLimits.unrecordedAnswers)
    }
  }

  /// Records have microseconds, policies do not.
  private static func wholeSeconds(_ text: String) -> Timestamp? {
    guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return Timestamp(text) }
    return Timestamp(text[..<dot] + "Z")
  }

  /// The name that recognised the caller stands by itself, whole. The others stand in one list, some of them and cut when
  /// they are long; only URIs have a colon that patterns could ask for.
  private static func connection(_ payload: Node) -> PolicyAttributes {
    var (uris, dnsNames): ([String], [String]) = ([], [])
    let names = payload["tls"]?["names"]?.array?.compactMap(\.bytes) ?? []
    let recognised = payload["auth"]?["certificate_name"]?.bytes
    for name in names where !name.contains(UInt8(ascii: ":")) { dnsNames.append(name.string) }
    if let recognised, recognised.contains(UInt8(ascii: ":")) {
      uris = [recognised.string]
    } else {
      uris = names.filter { $0.contains(UInt8(ascii: ":")) }.map(\.string)
      if let recognised { dnsNames.append(recognised.string) }
    }
    var address: Address?
    if let remote = payload["request"]?["remote_addr"]?.bytes,
      let colon = remote.utf8.lastIndex(of: UInt8(ascii: ":"))
    {
      let host = remote.string.utf8[..<colon].drop { $0 == UInt8(ascii: "[") }
        .prefix { $0 != UInt8(ascii: "]") }
      address = Address(String(Substring(host)))
    }
    return PolicyAttributes(source: address, certificateURIs: uris, certificateDNSNames: dnsNames)
  }
}

extension Node {
  /// Of a string, to be compared with anything.
  fileprivate var bytes: ByteString? { string.map { ByteString($0) } }
}
