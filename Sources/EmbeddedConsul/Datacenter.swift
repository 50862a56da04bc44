// One datacenter: what it stores, what its leader remembers, and who waits for it.

import Bytes

struct Datacenter: Sendable {
  var settings: DatacenterSettings
  var store = Store()
  /// The leader's memory by peering identifier; a restart empties it.
  var statuses: [ByteString: StreamStatus] = [:]
  /// The streams whose end here is open, by peering identifier.
  var openStreams: [ByteString: Int] = [:]
  /// How often in a row dialling failed, by peering identifier.
  var dialFailures: [ByteString: Int] = [:]
  /// The valid attempt to dial, by peering identifier: a later schedule makes an earlier one void.
  var dialTickets: [ByteString: Int] = [:]
  var watches = Watches()
  var isRunning = true

  init(settings: DatacenterSettings) {
    self.settings = settings
  }

  func exportedServices(to record: PeeringRecord) -> [ByteString] {
    (settings.exportedServices[goLowercased(record.name)] ?? []).sorted()
  }
}
