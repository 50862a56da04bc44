// One peering as one datacenter stores it.

package import Bytes

package struct PeeringRecord: Sendable {
  package let id: ByteString
  /// As last written: a DELETE keeps the spelling of its path, upper case included, as Consul does.
  package var name: ByteString
  package let partition: ByteString
  package var deletedAt: Timestamp?
  package var meta: [ByteString: ByteString]
  package var state: PeeringState
  /// What the other side calls this peering. Dialers only.
  package var peerID: ByteString
  package var peerCAPems: [ByteString]
  package var peerServerName: ByteString
  package var peerServerAddresses: [ByteString]
  /// From `ServerExternalAddresses` of the token; dialled first and never shown by the API.
  package var manualServerAddresses: [ByteString]
  package var remote: Remote
  package let createIndex: UInt64
  package var modifyIndex: UInt64

  package struct Remote: Sendable, Hashable {
    package var partition: ByteString
    package var datacenter: ByteString

    package static let unknown = Remote(partition: "", datacenter: "")
  }

  /// The side that holds an address dials; the side that made the token waits. A name never changes sides.
  package var dials: Bool { !peerServerAddresses.isEmpty || !manualServerAddresses.isEmpty }
  package var dialledAddresses: [ByteString] { manualServerAddresses + peerServerAddresses }
  /// Neither being deleted nor ended by the other side.
  package var isLive: Bool { state != .deleting && state != .terminated }

  init(id: ByteString, name: ByteString, partition: ByteString, meta: [ByteString: ByteString], index: UInt64)
  {
    self.id = id
    self.name = name
    self.partition = partition
    self.meta = meta
    state = .pending
    peerID = ""
    peerCAPems = []
    peerServerName = ""
    peerServerAddresses = []
    manualServerAddresses = []
    remote = .unknown
    createIndex = index
    modifyIndex = index
  }
}

/// Where a peering stands: names are compared in lower case, and each partition has names of its own.
struct PeeringKey: Hashable, Sendable {
  let partition: ByteString
  let name: ByteString
}

/// What an acceptor knows of the secrets it gave out; a dialer keeps only `activeStream`.
struct PeeringSecrets: Sendable, Hashable {
  /// In the token; good for one exchange.
  var establishment: ByteString?
  /// Given in the exchange, not yet used to open a stream.
  var pendingStream: ByteString?
  var activeStream: ByteString?
}

extension PeeringSecrets: CustomStringConvertible {
  /// Says which there are, not what they are.
  var description: String {
    let kinds = [
      (establishment, "establishment"), (pendingStream, "pending stream"), (activeStream, "active stream"),
    ]
    return "secrets: " + kinds.compactMap { $0.0 == nil ? nil : $0.1 }.joined(separator: ", ")
  }
}
