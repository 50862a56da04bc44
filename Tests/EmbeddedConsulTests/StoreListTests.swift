// What the store lists, and what it says has changed.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct StoreListTests {
  private static let key = PeeringKey(partition: "default", name: "foo")

  @Test func `a list is in the order of names, each partition by itself, all of them by identifier`() throws {
    var store = Store()
    for (partition, name, id) in [
      ("default", "foo", "3"), ("default", "bar", "1"), ("eu", "baz", "2"), ("default", "b-z", "5"),
      ("default", "b0", "4"),
    ] {
      _ = try store.generate(
        PeeringKey(partition: ByteString(partition), name: ByteString(name)), meta: [:],
        newID: ByteString(id), secret: "s")
    }
    #expect(store.peerings(in: "default").map(\.name) == ["b-z", "b0", "bar", "foo"])
    #expect(store.peerings(in: "eu").map(\.name) == ["baz"])
    #expect(store.peerings(in: "*").map(\.id) == ["1", "2", "3", "4", "5"])
    #expect(store.tableIndex(of: "*") == store.index)
    #expect(store.tableIndex(of: "eu") == 20)
  }

  @Test func `a change names the peering it touched, and a change of other tables none`() throws {
    var store = Store(firstFreeIndex: 10)
    _ = try store.generate(StoreListTests.key, meta: [:], newID: "id", secret: "s1")
    #expect(store.takeTouched() == [StoreListTests.key])
    #expect(store.takeTouched() == [])
    try store.exchange(id: "id", secret: "s1", for: "p")
    _ = store.advance()
    #expect(store.takeTouched() == [])
    #expect(store.tableIndex(of: "default") == 11)
    _ = store.markDeleting(StoreListTests.key, typedName: "foo", at: Fixture.start)
    #expect(store.takeTouched() == [StoreListTests.key])
    store.remove(id: "id")
    #expect(store.takeTouched() == [StoreListTests.key])
  }
}
