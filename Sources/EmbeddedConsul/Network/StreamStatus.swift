// What a leader remembers of one stream: never stored, gone with a restart.

package import Bytes

package struct StreamStatus: Sendable, Hashable {
  package var isConnected = true
  /// Why the stream ended, if it did not end in good order. Shown as FAILING.
  package var failure: String?
  package var lastHeartbeat: Timestamp?
  package var lastReceive: Timestamp?
  package var lastSend: Timestamp?
  package var importedServices: [ByteString] = []
  package var exportedServices: [ByteString] = []
}

extension PeeringRecord {
  /// Consul computes ACTIVE and FAILING on every read from the leader's memory; the store knows neither.
  package func shownState(_ status: StreamStatus?) -> PeeringState {
    guard let status else { return state }
    if status.isConnected { return .active }
    return status.failure == nil ? state : .failing
  }
}
