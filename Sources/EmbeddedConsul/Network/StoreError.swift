// Why the store refuses a change, in Consul's words.

package import Bytes

package enum StoreError: Error, Sendable, Hashable {
  case markedForDeletion
  /// Consul answers 200 here with a token whose secret it never kept; see Conformance/Deviations.swift in the
  /// tests.
  case terminated(name: ByteString)
  case alreadyDialing(name: ByteString)
  case alreadyAccepting(name: ByteString)
  case invalidEstablishmentSecret
  case invalidStreamSecret
  case unknownPeering(id: ByteString)
  case peeringWithoutSecrets

  package var text: String {
    switch self {
    case .markedForDeletion:
      "failed to write peering: cannot write to peering that is marked for deletion"
    case .terminated(let name):
      "failed to write peering: peering \(goQuoted(name)) was terminated by its peer; delete it before "
        + "generating a new peering token"
    case .alreadyDialing(let name):
      "cannot create peering with name: \(goQuoted(name)); there is already an established peering"
    case .alreadyAccepting(let name):
      "cannot create peering with name: \(goQuoted(name)); there is an existing peering expecting to be "
        + "dialed"
    case .invalidEstablishmentSecret: "invalid peering establishment secret"
    case .invalidStreamSecret: "invalid peering stream secret"
    case .unknownPeering(let id): "initial subscription for unknown PeerID: \(id)"
    case .peeringWithoutSecrets: "unable to authorize connection, peering must be re-established"
    }
  }
}
