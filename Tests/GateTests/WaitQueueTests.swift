// The order in which requests get a connection to Consul.

import Sockets
import Testing

@testable import Consul
@testable import Gate

@Suite struct TurnQueueTests {
  private final class Subject: Sendable {}
  private let subject = Subject()
  private var somebody: ObjectIdentifier { ObjectIdentifier(subject) }

  @Test func `subjects take turns, however many requests one of them has`() throws {
    let loop = try EventLoop()
    let (greedy, modest, other) = (Subject(), Subject(), Subject())
    var queue = WaitQueue()
    var owner: [ObjectIdentifier: String] = [:]
    // The queue does not keep places alive once they have left.
    var places: [Waiter] = []
    func join(_ name: String, _ subject: Subject) {
      let place = Waiter(on: loop)
      places.append(place)
      owner[ObjectIdentifier(place)] = name
      queue.join(place, as: ObjectIdentifier(subject))
    }
    for number in 0..<100 { join("greedy \(number)", greedy) }
    for number in 0..<2 { join("modest \(number)", modest) }
    join("other 0", other)
    var order: [String] = []
    while let first = queue.first {
      let name = owner[ObjectIdentifier(first)] ?? ""
      order.append(name)
      let subject = name.hasPrefix("greedy") ? greedy : name.hasPrefix("modest") ? modest : other
      queue.leave(first, as: ObjectIdentifier(subject))
    }
    #expect(
      Array(order.prefix(6)) == ["greedy 0", "modest 0", "other 0", "greedy 1", "modest 1", "greedy 2"])
    #expect(order.count == 103 && queue.isEmpty)
    #expect(order.filter { $0.hasPrefix("greedy") } == (0..<100).map { "greedy \($0)" })
    withExtendedLifetime((greedy, modest, other, places)) {}
  }

  @Test func `who came first stands first, anyone who leaves`() throws {
    let loop = try EventLoop()
    let places = (0..<100).map { _ in Waiter(on: loop) }
    var queue = WaitQueue()
    var expected: [Int] = []
    func check() {
      #expect(queue.count == expected.count)
      #expect(queue.isEmpty == expected.isEmpty)
      #expect(queue.first === expected.first.map { places[$0] })
    }
    check()
    // Joins, the first leaving, and others leaving from the middle and the end, in a fixed disorder.
    var state: UInt64 = 1
    for round in 0..<5_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let chance = Int(state >> 33)
      let newcomer = round % places.count
      if chance % 5 < 2 || expected.contains(newcomer) {
        guard !expected.isEmpty else { continue }
        let leaving = chance % 3 == 0 ? expected[chance / 7 % expected.count] : expected[0]
        queue.leave(places[leaving], as: somebody)
        expected.removeAll { $0 == leaving }
      } else {
        queue.join(places[newcomer], as: somebody)
        expected.append(newcomer)
      }
      check()
    }
  }

  @Test func `who has left already changes nothing`() throws {
    let loop = try EventLoop()
    let (one, two) = (Waiter(on: loop), Waiter(on: loop))
    var queue = WaitQueue()
    queue.join(one, as: somebody)
    queue.join(two, as: somebody)
    queue.leave(one, as: somebody)
    queue.leave(one, as: somebody)
    #expect(queue.first === two && queue.count == 1)
    queue.leave(two, as: somebody)
    #expect(queue.isEmpty && queue.first === nil)
  }
}
