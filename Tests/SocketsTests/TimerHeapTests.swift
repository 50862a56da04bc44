// The heap of deadlines: order, and what connections that come and go leave in it.

import Testing

@testable import Sockets

@Suite struct TimerHeapTests {
  private let loop: EventLoop

  init() throws { loop = try EventLoop() }

  private func instant(_ nanoseconds: Int) -> Deadline { Deadline(nanoseconds: UInt64(nanoseconds)) }

  @Test func `deadlines come up in their order`() {
    var heap = TimerHeap()
    for value in [5, 3, 9, 1, 7, 3, 8, 2] { heap.insert(Waiter(on: loop), at: instant(value)) }
    var order: [UInt64] = []
    while let next = heap.next(at: instant(8)) { order.append(next.deadline.nanoseconds) }
    #expect(order == [1, 2, 3, 3, 5, 7, 8])
    #expect(heap.earliest == instant(9))
  }

  @Test(arguments: [(-1, false), (0, false), (1, true)])
  func `entries that stand for nothing are searched for above the limit`(over: Int, isSearched: Bool) {
    var heap = TimerHeap()
    for value in 0..<SocketLimits.timersBeforeCompaction + over {
      heap.insert(Waiter(on: loop), at: instant(value))
    }
    #expect(heap.compact(whenOver: 0, unless: { _ in false }) == isSearched)
    #expect((heap.count == 0) == isSearched)
  }

  @Test func `where all stand for something, the searches become rare`() {
    var heap = TimerHeap()
    var searches = 0
    let count = 64 * SocketLimits.timersBeforeCompaction
    for value in 1...count {
      heap.insert(Waiter(on: loop), at: instant(value))
      if heap.compact(whenOver: 0, unless: { _ in true }) { searches += 1 }
    }
    #expect(heap.count == count)
    #expect(searches == 6)
  }

  @Test func `what a search left still comes up in its order`() {
    var heap = TimerHeap()
    let count = 2 * SocketLimits.timersBeforeCompaction
    for value in 1...count { heap.insert(Waiter(on: loop), at: instant(value * 7_919 % count)) }
    heap.compact(whenOver: 0) { $0.deadline.nanoseconds.isMultiple(of: 3) }
    var order: [UInt64] = []
    while let next = heap.next(at: .never) { order.append(next.deadline.nanoseconds) }
    #expect(order == Array(stride(from: 0, to: UInt64(count), by: 3)))
  }
}
