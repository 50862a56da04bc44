// What a peering token and the caller say about a peering to be dialled.

import Bytes

struct EstablishDraft: Sendable {
  let token: PeeringToken
  /// Replaces what was there: an establish without Meta erases it.
  let meta: [ByteString: ByteString]

  /// - Parameter keepingAddresses: the acceptor has told us better ones over a stream that is still open.
  func apply(to record: inout PeeringRecord, keepingAddresses: Bool) {
    record.peerCAPems = token.caPems
    record.peerServerName = token.serverName
    record.peerID = token.peerID
    record.manualServerAddresses = token.manualServerAddresses
    if !keepingAddresses { record.peerServerAddresses = token.serverAddresses }
    record.remote = PeeringRecord.Remote(partition: token.remotePartition, datacenter: token.remoteDatacenter)
  }
}
