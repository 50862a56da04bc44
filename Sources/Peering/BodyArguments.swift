// What the two POSTs say in their bodies, as values.

import Bytes

/// `POST /v1/peering/token`.
struct GenerateArguments: Sendable {
  let peer: PeerName
  let serverExternalAddresses: [ByteString]
  let meta: [ByteString: ByteString]
}

/// `POST /v1/peering/establish`.
struct EstablishArguments: Sendable {
  let peer: PeerName
  /// The other cluster's token, which holds its establishment secret. Opaque here.
  let peeringToken: ByteString
  let meta: [ByteString: ByteString]
}

// The peering token is as secret as a credential.
extension EstablishArguments: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "establish(\(peer))" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
