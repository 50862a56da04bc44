// What the two POSTs say in their bodies, as values.

import Bytes

/// `POST /v1/peering/token`.
struct GenerateArguments: Sendable, Hashable {
  let peer: PeerName
  let serverExternalAddresses: [String]
  let meta: [ByteString: String]
}

/// `POST /v1/peering/establish`.
struct EstablishArguments: Sendable, Hashable {
  let peer: PeerName
  /// The other cluster's token, which holds its establishment secret. Opaque here.
  let peeringToken: String
  let meta: [ByteString: String]
}

// The peering token is as secret as a credential.
extension EstablishArguments: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "establish(\(peer))" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
