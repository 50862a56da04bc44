// The order in which requests get a connection to Consul.

import Sockets
import Testing

@testable import Gate

@Suite struct TurnQueueTests {
  @Test func `who came first stands first, whoever leaves`() throws {
    let loop = try EventLoop()
    let places = (0..<100).map { _ in Parking(on: loop) }
    var queue = TurnQueue()
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
        queue.leave(places[leaving])
        expected.removeAll { $0 == leaving }
      } else {
        queue.join(places[newcomer])
        expected.append(newcomer)
      }
      check()
    }
  }

  @Test func `who has left already changes nothing`() throws {
    let loop = try EventLoop()
    let (one, two) = (Parking(on: loop), Parking(on: loop))
    var queue = TurnQueue()
    queue.join(one)
    queue.join(two)
    queue.leave(one)
    queue.leave(one)
    #expect(queue.first === two && queue.count == 1)
    queue.leave(two)
    #expect(queue.isEmpty && queue.first === nil)
  }
}
