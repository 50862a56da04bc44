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

  @Test func `an emptied queue can be filled again`() {
    for queue in [ByteQueue(), ByteQueue(from: BlockPool())] {
      queue.append(Array("gone".utf8))
      queue.consume(4)
      #expect(queue.withBytes { $0.isEmpty })
      queue.append(Array("back".utf8))
      #expect(queue.text == "back")
    }
  }

  @Test func `queues of one pool share its blocks, and hold none while empty`() {
    let pool = BlockPool()
    let queues = (0..<100).map { _ in ByteQueue(from: pool) }
    for queue in queues {
      queue.append(Array("one".utf8))
      queue.consume(3)
    }
    #expect(pool.freeBytes == SocketLimits.smallestBlockBytes)
    for queue in queues { queue.append(Array("all".utf8)) }
    #expect(pool.freeBytes == 0)
    for queue in queues { #expect(queue.text == "all") }
    for queue in queues { queue.removeAll() }
    #expect(pool.freeBytes == 100 * SocketLimits.smallestBlockBytes)
  }

  @Test func `space that was not filled is given back`() {
    let pool = BlockPool()
    let queue = ByteQueue(from: pool)
    unsafe queue.withSpace(SocketLimits.readBytes) { space in
      #expect(space.count >= SocketLimits.readBytes)
      return 0
    }
    #expect(pool.freeBytes == 32_768)
  }

  @Test(arguments: [-1, 0, 1]) func `what lies beyond the limits of a pool is the allocator's`(excess: Int) {
    let pool = BlockPool()
    let queue = ByteQueue(from: pool)
    queue.append([UInt8](repeating: 7, count: SocketLimits.largestPooledBlockBytes + excess))
    queue.removeAll()
    #expect(pool.freeBytes == (excess > 0 ? 0 : SocketLimits.largestPooledBlockBytes))

    let most = SocketLimits.pooledBytesPerSize / SocketLimits.smallestBlockBytes
    let small = BlockPool()
    let queues = (0..<most + excess).map { _ in ByteQueue(from: small) }
    for queue in queues { queue.append([1]) }
    for queue in queues { queue.removeAll() }
    #expect(small.freeBytes == min(most + excess, most) * SocketLimits.smallestBlockBytes)
  }

  @Test func `a queue that grows keeps its order`() {
    let queue = ByteQueue(from: BlockPool())
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for start in stride(from: 0, to: bytes.count, by: 1_000) {
      queue.append(Array(bytes[start..<start + 1_000]))
    }
    #expect(queue.withBytes { waiting in (0..<waiting.count).allSatisfy { waiting[$0] == bytes[$0] } })
    #expect(queue.count == bytes.count)
  }
}
