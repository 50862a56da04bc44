// Connections: bytes, ends, deadlines, hang-ups.

import Sockets
import Support
import Testing

@Suite struct StreamTests {
  @Test func `bytes sent on one end arrive on the other`() async throws {
    try await Resident.live { resident in
      let (near, far) = try await resident.pair()
      try await near.flush(ByteQueue("ping"), by: .after(.seconds(5)))
      let received = ByteQueue()
      try await far.readable(by: .after(.seconds(5)))
      #expect(try far.receive(into: received) == .bytes(4))
      #expect(received.text == "ping")
      #expect(try far.receive(into: received) == .wouldBlock)
    }
  }

  @Test func `a transfer larger than the socket's buffers goes through whole`() async throws {
    try await Resident.live { resident in
      let (near, far) = try await resident.pair()
      let size = 8 << 20
      let loop = resident.loop
      let receiver = Confined(far)
      async let count = resident.drain(receiver)
      let queue = ByteQueue()
      queue.append([UInt8](repeating: 7, count: size))
      try await near.flush(queue, by: .after(.seconds(20)))
      near.close()
      let received = try await count
      #expect(received == size)
      #expect(loop.descriptorCount >= 0)
    }
  }

  @Test func `a read that nothing answers ends at its deadline`() async throws {
    try await Resident.live { resident in
      let (near, far) = try await resident.pair()
      #expect(try near.receive(into: ByteQueue()) == .wouldBlock)
      do throws(SocketError) {
        try await near.readable(by: .after(.milliseconds(10)))
        Issue.record("it was readable")
      } catch {
        #expect(error.reason == .deadline)
      }
      _ = far
    }
  }

  @Test func `the end is seen even when it came together with the last bytes`() async throws {
    try await Resident.live { resident in
      let (near, far) = try await resident.pair()
      try near.send(from: ByteQueue("last"))
      near.close()
      let received = ByteQueue()
      try await far.readable(by: .after(.seconds(5)))
      // Both may have arrived as one event; after the bytes there must still be an end to read.
      #expect(try far.receive(into: received) == .bytes(4))
      try await far.readable(by: .after(.seconds(5)))
      #expect(try far.receive(into: received) == .end)
    }
  }

  @Test func `a client that hangs up interrupts the read that is made on its behalf`() async throws {
    try await Resident.live { resident in
      let (client, front) = try await resident.pair()
      let (back, upstream) = try await resident.pair()
      #expect(try back.receive(into: ByteQueue()) == .wouldBlock)
      let (waiter, leaver) = (Confined(back), Confined(front))
      async let wait = resident.reasonOfWait(on: waiter, for: leaver)
      client.close()
      let reason = await wait
      #expect(reason == .interrupted)
      _ = upstream
    }
  }

  @Test func `a client that hung up before interrupts at once`() async throws {
    try await Resident.live { resident in
      let (client, front) = try await resident.pair()
      let (back, upstream) = try await resident.pair()
      client.close()
      #expect(try front.receive(into: ByteQueue()) != .bytes(0))
      try await front.readable(by: .after(.seconds(5)))
      #expect(front.isHungUp)
      let reason = await resident.reasonOfWait(on: Confined(back), for: Confined(front))
      #expect(reason == .interrupted)
      _ = upstream
    }
  }

  /// Such a task is put back into the loop's queue at every call: whatever stands there comes between its look and
  /// its wait.
  @Test func `a task that lives in no actor does not miss what comes while it is about to wait`() async throws
  {
    try await Resident.live { resident in
      let loop = resident.loop
      let (near, far) = try await resident.pair()
      #expect(try near.receive(into: ByteQueue()) == .wouldBlock)
      let stream = Confined(near)
      let reader = Task(executorPreference: loop) {
        do throws(SocketError) {
          try await stream.value.readable(by: .after(.seconds(20)))
          return SocketError.Reason?.none
        } catch {
          return error.reason
        }
      }
      // Stands right behind the reader, and runs when that has looked and not yet parked.
      let closer = Task(executorPreference: loop) { stream.value.close() }
      await closer.value
      let reason = await reader.value
      #expect(reason == .closed)
      _ = far
    }
  }

  @Test func `a call reaches a reader that waits, one that is about to, and one that comes later`()
    async throws
  {
    try await Resident.live { resident in
      let loop = resident.loop
      let (near, far) = try await resident.pair()
      #expect(try near.receive(into: ByteQueue()) == .wouldBlock)
      let stream = Confined(near)
      for pause in [Duration.zero, .milliseconds(20)] {
        let reader = Task(executorPreference: loop) { await Self.reasonOfWait(on: stream) }
        // Without a pause it stands right behind the reader, which has looked by then and not yet parked.
        let caller = Task(executorPreference: loop) {
          if pause > .zero { await loop.sleep(until: .after(pause)) }
          stream.value.interruptReader()
        }
        await caller.value
        #expect(await reader.value == .interrupted)
        #expect(await Self.reasonOfWait(on: stream) == .interrupted)
        near.clearInterrupt()
      }
      _ = far
    }
  }

  @concurrent private static func reasonOfWait(on stream: Confined<Stream>) async -> SocketError.Reason? {
    do throws(SocketError) {
      try await stream.value.readable(by: .after(.seconds(5)))
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `closing a stream wakes its waiter and frees its slot for another`() async throws {
    try await Resident.live { resident in
      let (near, far) = try await resident.pair()
      let before = resident.loop.descriptorCount
      near.close()
      far.close()
      #expect(resident.loop.descriptorCount == before - 2)
      let (again, other) = try await resident.pair()
      #expect(resident.loop.descriptorCount == before)
      try again.send(from: ByteQueue("new"))
      try await other.readable(by: .after(.seconds(5)))
      let error = #expect(throws: SocketError.self) { _ = try near.receive(into: ByteQueue()) }
      #expect(error?.reason == .closed)
    }
  }

  @Test func `a refused connection says so`() async throws {
    try await Resident.live { resident in
      let held = try HeldPort()
      defer { held.release() }
      let address = SocketAddress.loopback(port: held.port)
      do throws(SocketError) {
        _ = try await Stream.connect(to: [address], on: resident.loop, by: .after(.seconds(5)))
        Issue.record("it was not refused")
      } catch {
        #expect(error.attempt == .connect)
      }
    }
  }

}

extension Resident {
  func drain(_ confined: Confined<Stream>) async throws -> Int {
    let stream = confined.value
    let queue = ByteQueue()
    var count = 0
    while true {
      switch try stream.receive(into: queue) {
      case .bytes(let more):
        count += more
        queue.consume(more)
      case .wouldBlock: try await stream.readable(by: .after(.seconds(20)))
      case .end: return count
      }
    }
  }

  func reasonOfWait(on back: Confined<Stream>, for front: Confined<Stream>) async -> SocketError.Reason? {
    let (back, front) = (back.value, front.value)
    guard front.beginWatch(abandoning: back.readingPlace) else { return .interrupted }
    defer { front.endWatch() }
    do throws(SocketError) {
      try await back.readable(by: .after(.seconds(20)))
      return nil
    } catch {
      return error.reason
    }
  }
}
