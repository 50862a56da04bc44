// A decision that was made, read back from the audit log.
import Bytes
import JSON
import Peering

/// What one line of an audit file says of a decision, as far as it can be asked again. The policy storey does
/// not know the Audit storey: it reads the fields by the names that are the file's format.
package struct AuditedRequest: Sendable {
  /// Joins the two lines of one request.
  package let id: String
  /// The second line of a request, or its only one.
  package let isComplete: Bool
  package let question: Question
  /// Nil where the secret was no token's.
  package let accessorID: AccessorID?
  /// As the record calls it.
  package let tokenName: String
  package let isAllowed: Bool
  /// The rule that decided then, as the record cites it.
  package let rule: String?
  package let instant: Timestamp?
  package let connection: ConnectionFacts

  package enum Fault: Error, Sendable, Hashable {
    /// Not a JSON object on one line.
    case notJSON
    /// A line of another kind: a checkpoint, a start, a request that was no peering operation.
    case noDecision
  }

  /// Reads one line, without its newline.
  package init(_ line: Span<UInt8>) throws(Fault) {
    let root: Node
    do throws(Malformation) {
      root = try Document.parse(line)
    } catch {
      throw .notJSON
    }
    guard root.object != nil else { throw .notJSON }
    guard let payload = root["payload"], let id = payload["id"]?.string,
      let peering = payload["peering"], let outcome = payload["decision"]?["outcome"]?.string,
      outcome == "allow" || outcome == "deny",
      let operation = peering["operation"]?.string.flatMap(Operation.init(rawValue:))
    else { throw .noDecision }
    let peer = peering["peer"]?.string.flatMap { PeerName($0) }
    let partition = peering["partition"]?.string.map { Partition($0) } ?? .default
    guard let partition, (operation == .list) == (peer == nil) else { throw .noDecision }
    self.id = id
    isComplete = payload["stage"]?.string == "OperationComplete"
    question = Question(operation: operation, peer: peer, partition: partition)
    let auth = payload["auth"]
    accessorID = auth?["accessor_id"]?.string.flatMap { AccessorID($0) }
    tokenName = auth?["description"]?.string ?? "unknown token"
    isAllowed = outcome == "allow"
    rule = payload["decision"]?["rule"]?.string
    instant = root["created_at"]?.string.flatMap(Self.wholeSeconds)
    connection = Self.connection(payload)
  }

  /// Records have microseconds, policies do not.
  private static func wholeSeconds(_ text: String) -> Timestamp? {
    guard let dot = text.firstIndex(of: ".") else { return Timestamp(text) }
    return Timestamp(text[..<dot] + "Z")
  }

  /// Names of certificates stand in one list; only URIs have a colon that patterns could ask for.
  private static func connection(_ payload: Node) -> ConnectionFacts {
    var names: [String] = []
    for name in payload["tls"]?["names"]?.array ?? [] {
      if let name = name.string { names.append(name) }
    }
    var address: Address?
    if let remote = payload["request"]?["remote_addr"]?.string, let colon = remote.lastIndex(of: ":") {
      address = Address(String(remote[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }))
    }
    return ConnectionFacts(
      source: address, certificateURIs: names.filter { $0.contains(":") },
      certificateDNSNames: names.filter { !$0.contains(":") })
  }
}
