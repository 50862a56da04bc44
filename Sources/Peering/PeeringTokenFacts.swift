// What a peering token says of the cluster that made it: for the record, never for a decision, and without its secret.

package import Bytes
import Digests
import JSON

/// A peering token is the base64 of a JSON object (Consul, agent/structs/peering.go): `CA`, `ManualServerAddresses`,
/// `ServerAddresses`, `ServerName`, `PeerID`, `EstablishmentSecret` and `Remote {Partition, Datacenter, Locality}`.
///
/// Consul reads it as Go does: keys of any case, of two alike the last. A token that leaves so much room is not made by
/// Consul, and is said to be unclear instead of read differently from how Consul reads it.
package struct PeeringTokenFacts: Sendable, Equatable {
  package let datacenter: ByteString
  package let partition: ByteString
  package let serverName: ByteString
  package let peerID: ByteString
  /// Where the establishing cluster will connect to: those that an operator gave first, as Consul tries them.
  package let addresses: [ByteString]
  /// Beyond `PeeringLimits.tokenAddresses`.
  package let moreAddresses: Int
  /// SHA-256 of the certificates in `CA`, in hexadecimal: the first `PeeringLimits.tokenAuthorities`. Empty: Consul would
  /// connect without TLS.
  package let authorityDigests: [String]

  /// Nil for what Consul would not have made. `noteSecret` is told what must be written nowhere.
  package init?(_ token: Span<UInt8>, noteSecret: (ByteString) -> Void = { _ in }) {
    guard token.count <= PeeringLimits.tokenBytes, let bytes = try? Base64.decodeAsConsul(token),
      let object = Self.members(
        (try? Document.parse(bytes.span, limits: Self.limits)), of: Self.names),
      let remote = Self.members(object["Remote"] ?? nil, of: Self.remoteNames, mayBeMissing: true)
    else { return nil }
    let secret = object["EstablishmentSecret"]??.text
    if let secret { noteSecret(secret) }
    /// A text that is the secret, too, is none of the record's.
    func text(_ node: Node??) -> ByteString {
      guard let text = node??.text else { return ByteString("") }
      return text == secret ? ByteString("<hidden>") : text
    }
    datacenter = text(remote["Datacenter"])
    partition = text(remote["Partition"])
    serverName = text(object["ServerName"])
    peerID = text(object["PeerID"])
    let all = ["ManualServerAddresses", "ServerAddresses"].flatMap {
      (object[$0]??.array ?? []).map { text($0) }
    }
    addresses = Array(all.prefix(PeeringLimits.tokenAddresses))
    moreAddresses = all.count - addresses.count
    authorityDigests = (object["CA"]??.array ?? []).prefix(PeeringLimits.tokenAuthorities).map {
      Self.digest(ofCertificate: $0.text ?? ByteString(""))
    }
  }

  private static let limits = Limits(
    textBytes: PeeringLimits.tokenBytes, depth: PeeringLimits.tokenDepth, values: PeeringLimits.bodyValues)
  private static let names: [ByteString] = [
    "CA", "ManualServerAddresses", "ServerAddresses", "ServerName", "PeerID", "EstablishmentSecret", "Remote",
  ]
  private static let remoteNames: [ByteString] = ["Partition", "Datacenter", "Locality"]

  /// The known members of an object, or nil if it is none, or has a key that Go might take for a known one.
  private static func members(
    _ node: Node?, of names: [ByteString], mayBeMissing: Bool = false
  ) -> [ByteString: Node?]? {
    guard let node, !node.isNull else { return mayBeMissing ? [:] : nil }
    guard let members = node.object else { return nil }
    var known: [ByteString: Node?] = [:]
    for member in members {
      if names.contains(member.name) {
        known[member.name] = member.node
      } else if member.name.utf8.contains(where: { $0 >= 0x80 })
        || names.contains(where: { $0.equalsIgnoringASCIICase(member.name) })
      {
        return nil
      }
    }
    return known
  }

  private static func digest(ofCertificate text: ByteString) -> String {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).filter { $0.first != UInt8(ascii: "-") }
    guard !lines.isEmpty, let der = try? Base64.decodeAsConsul(Array(lines.joined()).span) else {
      return "invalid"
    }
    return SHA256.digest(of: der.span).hexadecimal
  }
}
