// The store's own rules, below the HTTP face.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct StoreTests {
  private static let key = PeeringKey(partition: "default", name: "foo")
  private static let now = Timestamp(nanoseconds: 7)

  private static func draft(meta: [ByteString: ByteString] = [:], address: ByteString = "host:1")
    -> EstablishDraft
  {
    EstablishDraft(
      token: PeeringToken(
        caPems: ["ca"], manualServerAddresses: [], serverAddresses: [address], serverName: "server",
        peerID: "remote",
        establishmentSecret: "e", remotePartition: "", remoteDatacenter: "dc9"), meta: meta)
  }

  private func accepting() throws -> Store {
    var store = Store(firstFreeIndex: 10)
    _ = try store.generate(StoreTests.key, meta: ["a": "1"], newID: "id", secret: "s1")
    return store
  }

  private func dialing() throws -> Store {
    var store = Store(firstFreeIndex: 10)
    _ = try store.beginEstablish(StoreTests.key, with: StoreTests.draft(), newID: "id", isConnected: false)
    try store.finishEstablish(id: "id", streamSecret: "stream")
    return store
  }

  // MARK: generate

  @Test func `a generated peering is pending, takes one index and keeps what it was made with`() throws {
    let store = try accepting()
    let record = try #require(store.peering(StoreTests.key))
    #expect(record.state == .pending)
    #expect(record.meta == ["a": "1"])
    #expect(record.createIndex == 11)
    #expect(record.modifyIndex == 11)
    #expect(store.index == 11)
    #expect(store.tableIndex(of: "default") == 11)
    #expect(store.tableIndex(of: "other") == 0)
    #expect(store.secrets(of: "id") == PeeringSecrets(establishment: "s1"))
  }

  @Test func `generating again changes the secret and ModifyIndex and nothing else`() throws {
    var store = try accepting()
    let record = try store.generate(StoreTests.key, meta: ["b": "2"], newID: "other", secret: "s2")
    #expect(record.id == "id")
    #expect(record.meta == ["a": "1"])
    #expect(record.createIndex == 11)
    #expect(record.modifyIndex == 12)
    #expect(store.secrets(of: "id") == PeeringSecrets(establishment: "s2"))
    #expect(throws: StoreError.invalidEstablishmentSecret) {
      try store.exchange(id: "id", secret: "s1", for: "x")
    }
  }

  @Test func `generating keeps the secret of a living stream`() throws {
    var store = try accepting()
    try store.exchange(id: "id", secret: "s1", for: "stream")
    try store.openStream(id: "id", secret: "stream", caPems: [], from: .unknown)
    _ = try store.generate(StoreTests.key, meta: [:], newID: "x", secret: "s2")
    #expect(store.secrets(of: "id") == PeeringSecrets(establishment: "s2", activeStream: "stream"))
  }

  @Test func `no token is made for a name that dials, is being deleted or was terminated`() throws {
    var dialer = try dialing()
    #expect(throws: StoreError.alreadyDialing(name: "foo")) {
      try dialer.generate(StoreTests.key, meta: [:], newID: "x", secret: "s")
    }
    var deleting = try accepting()
    _ = deleting.markDeleting(StoreTests.key, typedName: "foo", at: StoreTests.now)
    #expect(throws: StoreError.markedForDeletion) {
      try deleting.generate(StoreTests.key, meta: [:], newID: "x", secret: "s")
    }
    var terminated = try accepting()
    terminated.terminate(id: "id")
    #expect(throws: StoreError.terminated(name: "foo")) {
      try terminated.generate(StoreTests.key, meta: [:], newID: "x", secret: "s")
    }
  }

  // MARK: secrets

  @Test func `an establishment secret is spent once`() throws {
    var store = try accepting()
    try store.exchange(id: "id", secret: "s1", for: "p1")
    #expect(store.secrets(of: "id") == PeeringSecrets(pendingStream: "p1"))
    #expect(throws: StoreError.invalidEstablishmentSecret) {
      try store.exchange(id: "id", secret: "s1", for: "p2")
    }
  }

  @Test func `a wrong secret, a spent one and one of an unknown peering are refused alike`() throws {
    var store = try accepting()
    #expect(throws: StoreError.invalidEstablishmentSecret) {
      try store.exchange(id: "id", secret: "x", for: "p")
    }
    #expect(throws: StoreError.invalidEstablishmentSecret) {
      try store.exchange(id: "none", secret: "s1", for: "p")
    }
    #expect(throws: StoreError.invalidEstablishmentSecret) {
      try store.exchange(id: "id", secret: "", for: "p")
    }
  }

  @Test func `a later exchange replaces a pending stream secret that was never used`() throws {
    var store = try accepting()
    try store.exchange(id: "id", secret: "s1", for: "p1")
    _ = try store.generate(StoreTests.key, meta: [:], newID: "x", secret: "s2")
    try store.exchange(id: "id", secret: "s2", for: "p2")
    #expect(throws: StoreError.invalidStreamSecret) {
      try store.openStream(id: "id", secret: "p1", caPems: [], from: .unknown)
    }
    try store.openStream(id: "id", secret: "p2", caPems: [], from: .unknown)
  }

  @Test func `the first use of a stream secret promotes it, ends the old one and tells who dials`() throws {
    var store = try accepting()
    try store.exchange(id: "id", secret: "s1", for: "old")
    try store.openStream(id: "id", secret: "old", caPems: [], from: .unknown)
    _ = try store.generate(StoreTests.key, meta: [:], newID: "x", secret: "s2")
    try store.exchange(id: "id", secret: "s2", for: "new")
    let remote = PeeringRecord.Remote(partition: "", datacenter: "dc2")
    try store.openStream(id: "id", secret: "old", caPems: [], from: remote)
    #expect(store.peering(id: "id")?.remote == .unknown)
    try store.openStream(id: "id", secret: "new", caPems: ["ca2"], from: remote)
    #expect(store.peering(id: "id")?.remote == remote)
    #expect(store.peering(id: "id")?.peerCAPems == ["ca2"])
    #expect(throws: StoreError.invalidStreamSecret) {
      try store.openStream(id: "id", secret: "old", caPems: [], from: remote)
    }
  }

  @Test func `a stream needs a known peering, its secrets and the right one`() throws {
    var store = try accepting()
    #expect(throws: StoreError.unknownPeering(id: "none")) {
      try store.openStream(id: "none", secret: "x", caPems: [], from: .unknown)
    }
    #expect(throws: StoreError.invalidStreamSecret) {
      try store.openStream(id: "id", secret: nil, caPems: [], from: .unknown)
    }
    #expect(throws: StoreError.invalidStreamSecret) {
      try store.openStream(id: "id", secret: "s1", caPems: [], from: .unknown)
    }
    store.terminate(id: "id")
    #expect(throws: StoreError.peeringWithoutSecrets) {
      try store.openStream(id: "id", secret: "x", caPems: [], from: .unknown)
    }
  }

  // MARK: establish

  @Test func `establishing takes two writes: pending, then establishing`() throws {
    var store = Store(firstFreeIndex: 10)
    let record = try store.beginEstablish(
      StoreTests.key, with: StoreTests.draft(meta: ["a": "1"]), newID: "id", isConnected: false)
    #expect(record.state == .pending)
    #expect(record.dials)
    #expect(record.remote.datacenter == "dc9")
    try store.finishEstablish(id: "id", streamSecret: "stream")
    #expect(store.peering(id: "id")?.state == .establishing)
    #expect(store.peering(id: "id")?.createIndex == 11)
    #expect(store.peering(id: "id")?.modifyIndex == 12)
    #expect(store.secrets(of: "id") == PeeringSecrets(activeStream: "stream"))
  }

  @Test func `establishing again keeps the identifier and the state until it succeeds and replaces the rest`()
    throws
  {
    var store = try dialing()
    let record = try store.beginEstablish(
      StoreTests.key, with: StoreTests.draft(meta: ["b": "2"], address: "new:2"), newID: "x",
      isConnected: false)
    #expect(record.id == "id")
    #expect(record.state == .establishing)
    #expect(record.meta == ["b": "2"])
    #expect(record.peerServerAddresses == ["new:2"])
  }

  @Test func `a connected dialer keeps the addresses it was told over the stream`() throws {
    var store = try dialing()
    let record = try store.beginEstablish(
      StoreTests.key, with: StoreTests.draft(address: "new:2"), newID: "x", isConnected: true)
    #expect(record.peerServerAddresses == ["host:1"])
  }

  @Test func `a terminated dialer can be established again`() throws {
    var store = try dialing()
    store.terminate(id: "id")
    let record = try store.beginEstablish(
      StoreTests.key, with: StoreTests.draft(), newID: "x", isConnected: false)
    #expect(record.state == .terminated)
    try store.finishEstablish(id: "id", streamSecret: "s")
    #expect(store.peering(id: "id")?.state == .establishing)
  }

  @Test func `an acceptor's name is not established, nor one that is being deleted`() throws {
    var store = try accepting()
    #expect(throws: StoreError.alreadyAccepting(name: "foo")) {
      try store.beginEstablish(StoreTests.key, with: StoreTests.draft(), newID: "x", isConnected: false)
    }
    var deleting = try dialing()
    _ = deleting.markDeleting(StoreTests.key, typedName: "foo", at: StoreTests.now)
    #expect(throws: StoreError.markedForDeletion) {
      try deleting.beginEstablish(StoreTests.key, with: StoreTests.draft(), newID: "x", isConnected: false)
    }
    #expect(throws: StoreError.markedForDeletion) {
      try deleting.finishEstablish(id: "id", streamSecret: "s")
    }
  }

  // MARK: ending

  @Test func `a marked peering keeps its name as typed, its addresses, its remote and nothing else`() throws {
    var store = try dialing()
    let marked = store.markDeleting(StoreTests.key, typedName: "FOO", at: StoreTests.now)
    let record = try #require(marked)
    #expect(record.state == .deleting)
    #expect(record.name == "FOO")
    #expect(record.deletedAt == StoreTests.now)
    #expect(record.peerServerAddresses == ["host:1"])
    #expect(record.remote.datacenter == "dc9")
    #expect(record.createIndex == 11)
    #expect(
      record.peerID == "" && record.peerCAPems == [] && record.peerServerName == "" && record.meta == [:])
    #expect(store.secrets(of: "id") == nil)
    #expect(store.peering(StoreTests.key)?.name == "FOO")
  }

  @Test func `marking twice keeps the first time, and an unknown name is nothing`() throws {
    var store = try accepting()
    _ = store.markDeleting(StoreTests.key, typedName: "foo", at: StoreTests.now)
    let index = store.index
    #expect(store.markDeleting(StoreTests.key, typedName: "foo", at: Timestamp(nanoseconds: 9)) == nil)
    #expect(store.peering(StoreTests.key)?.deletedAt == StoreTests.now)
    #expect(
      store.markDeleting(PeeringKey(partition: "default", name: "bar"), typedName: "bar", at: StoreTests.now)
        == nil)
    #expect(store.index == index)
  }

  @Test func `removing needs a mark first`() throws {
    var store = try accepting()
    store.remove(id: "id")
    #expect(store.peering(id: "id") != nil)
    _ = store.markDeleting(StoreTests.key, typedName: "foo", at: StoreTests.now)
    store.remove(id: "id")
    #expect(store.peering(StoreTests.key) == nil)
    #expect(store.peerings(in: "default").isEmpty)
    #expect(store.tableIndex == 13)
  }

  @Test func `terminating drops secrets, twice is nothing, and one being deleted is left alone`() throws {
    var store = try accepting()
    store.terminate(id: "id")
    #expect(store.peering(id: "id")?.state == .terminated)
    #expect(store.peering(id: "id")?.deletedAt == nil)
    #expect(store.secrets(of: "id") == nil)
    let index = store.index
    store.terminate(id: "id")
    store.terminate(id: "none")
    #expect(store.index == index)
    _ = store.markDeleting(StoreTests.key, typedName: "foo", at: StoreTests.now)
    store.terminate(id: "id")
    #expect(store.peering(id: "id")?.state == .deleting)
  }
}
