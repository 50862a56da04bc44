// Peerings in the JSON of Consul's HTTP API.

import Bytes
import JSON

/// Members in Consul's order. What is empty is left out, but lists of services and times are null, and the
/// remote's two names are always there.
struct PeeringWriter {
  private var writer = Writer(escaping: .go)
  private let showsPartition: Bool

  init(showsPartition: Bool) {
    self.showsPartition = showsPartition
  }

  mutating func list(_ records: [PeeringRecord], status: (ByteString) -> StreamStatus?) {
    writer.beginArray()
    for record in records { peering(record, status(record.id)) }
    writer.endArray()
  }

  mutating func peering(_ record: PeeringRecord, _ status: StreamStatus?) {
    writer.beginObject()
    writer.key("ID")
    writer.string(record.id.string)
    writer.key("Name")
    writer.string(record.name.string)
    if showsPartition {
      writer.key("Partition")
      writer.string(record.partition.string)
    }
    if let deletedAt = record.deletedAt {
      writer.key("DeletedAt")
      writer.string(deletedAt.description)
    }
    if !record.meta.isEmpty {
      writer.key("Meta")
      meta(record.meta)
    }
    writer.key("State")
    writer.string(record.shownState(status).rawValue)
    peer(record)
    writer.key("StreamStatus")
    stream(status)
    writer.key("CreateIndex")
    writer.number(record.createIndex)
    writer.key("ModifyIndex")
    writer.number(record.modifyIndex)
    writer.key("Remote")
    writer.beginObject()
    writer.key("Partition")
    writer.string(record.remote.partition.string)
    writer.key("Datacenter")
    writer.string(record.remote.datacenter.string)
    writer.endObject()
    writer.endObject()
  }

  consuming func finish() -> [UInt8] { writer.finish() }

  private mutating func meta(_ meta: [ByteString: ByteString]) {
    writer.beginObject()
    for (key, value) in meta.sorted(by: { $0.key < $1.key }) {
      writer.key(key.string)
      writer.string(value.string)
    }
    writer.endObject()
  }

  private mutating func peer(_ record: PeeringRecord) {
    if !record.peerID.isEmpty {
      writer.key("PeerID")
      writer.string(record.peerID.string)
    }
    if !record.peerCAPems.isEmpty {
      writer.key("PeerCAPems")
      writer.stringsOrNull(record.peerCAPems)
    }
    if !record.peerServerName.isEmpty {
      writer.key("PeerServerName")
      writer.string(record.peerServerName.string)
    }
    if !record.peerServerAddresses.isEmpty {
      writer.key("PeerServerAddresses")
      writer.stringsOrNull(record.peerServerAddresses)
    }
  }

  private mutating func stream(_ status: StreamStatus?) {
    writer.beginObject()
    writer.key("ImportedServices")
    writer.stringsOrNull(status?.importedServices ?? [])
    writer.key("ExportedServices")
    writer.stringsOrNull(status?.exportedServices ?? [])
    writer.key("LastHeartbeat")
    time(status?.lastHeartbeat, isTracked: false)
    writer.key("LastReceive")
    time(status?.lastReceive, isTracked: status != nil)
    writer.key("LastSend")
    time(status?.lastSend, isTracked: status != nil)
    writer.endObject()
  }

  private mutating func time(_ time: Timestamp?, isTracked: Bool) {
    if let time {
      writer.string(time.description)
    } else if isTracked {
      writer.string(Timestamp.zeroText)
    } else {
      writer.null()
    }
  }
}
