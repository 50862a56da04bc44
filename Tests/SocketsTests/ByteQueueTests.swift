// The queue that all bytes pass through.

import Sockets
import Support
import Testing

@Suite struct ByteQueueTests {
  @Test func `bytes come out in the order they went in`() {
    let queue = ByteQueue("hello ")
    queue.append(Array("world".utf8))
    #expect(queue.text == "hello world")
    queue.consume(6)
    #expect(queue.text == "world")
    #expect(queue.count == 5)
  }

  @Test func `what is appended while something was read from the front stays in order`() {
    let queue = ByteQueue()
    var expected: [UInt8] = []
    var next: UInt8 = 0
    for round in 1...400 {
      let piece = (0..<round % 97).map { _ -> UInt8 in
        next &+= 1
        return next
      }
      queue.append(piece)
      expected += piece
      let taken = min(queue.count, round % 53)
      queue.consume(taken)
      expected.removeFirst(taken)
    }
    #expect(queue.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } } == expected)
  }

  @Test func `moving one queue into another keeps both orders`() {
    let queue = ByteQueue("a")
    let other = ByteQueue("b")
    queue.take(from: other)
    #expect(queue.text == "ab")
    #expect(other.isEmpty)
    let empty = ByteQueue()
    empty.take(from: queue)
    #expect(empty.text == "ab")
    #expect(queue.isEmpty)
    queue.append(Array("again".utf8))
    #expect(queue.text == "again")
  }

  @Test func `an empty queue that was released can be filled again`() {
    let queue = ByteQueue("gone")
    queue.consume(4)
    queue.releaseIfEmpty()
    #expect(queue.withBytes { $0.isEmpty })
    queue.append(Array("back".utf8))
    queue.releaseIfEmpty()
    #expect(queue.text == "back")
  }
}
