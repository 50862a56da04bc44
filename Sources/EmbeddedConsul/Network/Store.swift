// What one datacenter keeps: peerings and their secrets under one growing index, as Consul's raft log would.

import Bytes

/// Every change takes one index. A change of the peerings table also moves the table's index and names the
/// peering it touched, so that only the queries waiting for it need to look.
struct Store: Sendable {
  private(set) var index: UInt64
  private(set) var tableIndex: UInt64 = 0
  private(set) var touched: Set<PeeringKey> = []
  private var records: [ByteString: PeeringRecord] = [:]
  private var secrets: [ByteString: PeeringSecrets] = [:]
  private var identifiers: [PeeringKey: ByteString] = [:]
  /// Per partition, byte-wise ascending: what a list walks.
  private var names: [ByteString: [ByteString]] = [:]
  private var partitionIndexes: [ByteString: UInt64] = [:]

  init(firstFreeIndex: UInt64 = ConsulLimits.firstFreeIndex) {
    index = firstFreeIndex
  }

  // MARK: reading

  func peering(_ key: PeeringKey) -> PeeringRecord? {
    identifiers[key].flatMap { records[$0] }
  }

  func peering(id: ByteString) -> PeeringRecord? { records[id] }

  func secrets(of id: ByteString) -> PeeringSecrets? { secrets[id] }

  /// In the order of Consul's name index; all partitions (`*`) in the order of the identifiers.
  func peerings(in partition: ByteString) -> [PeeringRecord] {
    if partition == Partition.wildcard {
      return records.values.sorted { $0.id < $1.id }
    }
    return (names[partition] ?? []).compactMap { peering(PeeringKey(partition: partition, name: $0)) }
  }

  func tableIndex(of partition: ByteString) -> UInt64 {
    partition == Partition.wildcard ? tableIndex : partitionIndexes[partition] ?? 0
  }

  var allPeerings: some Collection<PeeringRecord> { records.values }

  mutating func takeTouched() -> Set<PeeringKey> {
    defer { touched.removeAll(keepingCapacity: true) }
    return touched
  }

  // MARK: the acceptor's side

  /// A new token for a name. A known name keeps its identifier, its meta and its streams; an unused token
  /// dies.
  mutating func generate(
    _ key: PeeringKey, meta: [ByteString: ByteString], newID: ByteString, secret: ByteString
  ) throws(StoreError) -> PeeringRecord {
    var record: PeeringRecord
    if let known = peering(key) {
      if known.dials { throw .alreadyDialing(name: key.name) }
      if known.state == .deleting { throw .markedForDeletion }
      if known.state == .terminated { throw .terminated(name: key.name) }
      record = known
      record.modifyIndex = advance()
    } else {
      record = PeeringRecord(
        id: newID, name: key.name, partition: key.partition, meta: meta, index: advance())
    }
    put(record)
    secrets[record.id, default: PeeringSecrets()].establishment = secret
    return record
  }

  /// Spends the secret of a token for one that opens a stream.
  mutating func exchange(id: ByteString, secret: ByteString, for streamSecret: ByteString) throws(StoreError)
  {
    guard var known = secrets[id], known.establishment == secret else { throw .invalidEstablishmentSecret }
    known.establishment = nil
    known.pendingStream = streamSecret
    secrets[id] = known
    _ = advance()
  }

  /// Checks the secret that a dialer shows. Its first use ends the one before it and tells us who dials.
  /// Later uses change nothing.
  mutating func openStream(
    id: ByteString, secret: ByteString?, caPems: [ByteString], from remote: PeeringRecord.Remote
  ) throws(StoreError) {
    guard var record = records[id] else { throw .unknownPeering(id: id) }
    guard var known = secrets[id] else { throw .peeringWithoutSecrets }
    guard let secret else { throw .invalidStreamSecret }
    if known.activeStream == secret { return }
    guard known.pendingStream == secret else { throw .invalidStreamSecret }
    known.activeStream = secret
    known.pendingStream = nil
    secrets[id] = known
    // Consul stores the promotion and the dialer's trust bundle one after the other; both take an index.
    _ = advance()
    record.remote = remote
    record.peerCAPems = caPems
    record.modifyIndex = advance()
    put(record)
  }

  // MARK: the dialer's side

  /// The first of an establish's two writes: what the token says, before it is known to be any good.
  mutating func beginEstablish(
    _ key: PeeringKey, with draft: EstablishDraft, newID: ByteString, isConnected: Bool
  ) throws(StoreError) -> PeeringRecord {
    var record: PeeringRecord
    if let known = peering(key) {
      guard known.dials else { throw .alreadyAccepting(name: key.name) }
      if known.state == .deleting { throw .markedForDeletion }
      record = known
      record.meta = draft.meta
      record.modifyIndex = advance()
    } else {
      record = PeeringRecord(
        id: newID, name: key.name, partition: key.partition, meta: draft.meta, index: advance())
    }
    draft.apply(to: &record, keepingAddresses: isConnected)
    put(record)
    return record
  }

  /// The second write, after the exchange.
  mutating func finishEstablish(id: ByteString, streamSecret: ByteString) throws(StoreError) {
    guard var record = records[id] else { throw .markedForDeletion }
    if record.state == .deleting { throw .markedForDeletion }
    record.state = .establishing
    record.modifyIndex = advance()
    put(record)
    secrets[id] = PeeringSecrets(activeStream: streamSecret)
  }

  /// The acceptor tells the dialer its present addresses over every new stream.
  mutating func rewriteAddresses(id: ByteString, to addresses: [ByteString]) {
    guard var record = records[id], record.isLive else { return }
    record.peerServerAddresses = addresses
    record.modifyIndex = advance()
    put(record)
  }

  // MARK: ending

  /// Nothing to do for an unknown name or one that is going already: Consul answers 200 to both.
  mutating func markDeleting(_ key: PeeringKey, typedName: ByteString, at now: Timestamp) -> PeeringRecord? {
    guard let known = peering(key), known.state != .deleting else { return nil }
    var record = PeeringRecord(
      id: known.id, name: typedName, partition: known.partition, meta: [:], index: known.createIndex)
    record.state = .deleting
    record.deletedAt = now
    record.peerServerAddresses = known.peerServerAddresses
    record.manualServerAddresses = known.manualServerAddresses
    record.remote = known.remote
    record.modifyIndex = advance()
    secrets[known.id] = nil
    put(record)
    return record
  }

  mutating func remove(id: ByteString) {
    guard let record = records[id], record.state == .deleting else { return }
    let key = record.key
    records[id] = nil
    identifiers[key] = nil
    if let position = names[key.partition]?.firstIndex(of: key.name) {
      names[key.partition]?.remove(at: position)
    }
    _ = advance()
    touch(key)
  }

  mutating func terminate(id: ByteString) {
    guard var record = records[id], record.isLive else { return }
    record.state = .terminated
    record.modifyIndex = advance()
    secrets[id] = nil
    put(record)
  }

  // MARK: the index

  /// A change of a table that the API does not show, such as a trust bundle: it takes an index all the same.
  mutating func advance() -> UInt64 {
    index += 1
    return index
  }

  private mutating func put(_ record: PeeringRecord) {
    let key = record.key
    if identifiers.updateValue(record.id, forKey: key) == nil {
      let position = names[key.partition, default: []].partitioningIndex { $0 >= key.name }
      names[key.partition, default: []].insert(key.name, at: position)
    }
    records[record.id] = record
    touch(key)
  }

  private mutating func touch(_ key: PeeringKey) {
    tableIndex = index
    partitionIndexes[key.partition] = index
    touched.insert(key)
  }
}

extension PeeringRecord {
  var key: PeeringKey { PeeringKey(partition: partition, name: goLowercased(name)) }
}

extension Array {
  /// The first position whose element, and every later one, satisfies the condition.
  fileprivate func partitioningIndex(where belongsRight: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if belongsRight(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
