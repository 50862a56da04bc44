// What is to happen when: a binary heap of deadlines.

import Bytes

struct TimerQueue: Sendable {
  enum Event: Sendable {
    case waitEnds(WaitID)
    case retryExchange(WaitID)
    case dial(datacenter: Int, peeringID: ByteString, ticket: Int)
    case beat(stream: Int, side: PeeringStream.Side)
    case silence(stream: Int, side: PeeringStream.Side)
    case remove(datacenter: Int, peeringID: ByteString)
  }

  private struct Entry {
    let due: Timestamp
    /// Equal times happen in the order in which they were scheduled.
    let sequence: UInt64
    let event: Event

    func precedes(_ other: Entry) -> Bool {
      due == other.due ? sequence < other.sequence : due < other.due
    }
  }

  private var heap: [Entry] = []
  private var sequence: UInt64 = 0

  var count: Int { heap.count }
  var nextDue: Timestamp? { heap.first?.due }

  mutating func schedule(_ event: Event, at due: Timestamp) {
    sequence += 1
    heap.append(Entry(due: due, sequence: sequence, event: event))
    siftUp(from: heap.count - 1)
  }

  mutating func next(upTo now: Timestamp) -> (due: Timestamp, event: Event)? {
    guard let first = heap.first, first.due <= now else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown(from: 0)
    }
    return (first.due, first.event)
  }

  /// Drops what has become void, so that queries answered early do not pile up until their deadline.
  mutating func keep(where isLive: (Event) -> Bool) {
    heap.removeAll { !isLive($0.event) }
    for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(from: position) }
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
