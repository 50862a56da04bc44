// Who may listen where.

import Sockets
import Support
import Synchronization
import Testing

@Suite struct ListenerTests {
  @Test func `a place that is open to workers is closed to anyone who comes first elsewhere`() async throws {
    try await Resident.live { resident in
      let first = try Listener(at: .loopback(port: 0), sharing: .opening, on: resident.loop)
      let joined = try Listener(at: first.address, sharing: .joining, on: resident.loop)
      for sharing in [Listener.Sharing.none, .opening] {
        let error = #expect(throws: SocketError.self) {
          _ = try Listener(at: first.address, sharing: sharing, on: resident.loop)
        }
        #expect(error?.isAddressInUse == true)
      }
      withExtendedLifetime(joined) {}
    }
  }

  @Test func `nobody joins a place that is not open`() async throws {
    try await Resident.live { resident in
      let alone = try Listener(at: .loopback(port: 0), on: resident.loop)
      let error = #expect(throws: SocketError.self) {
        _ = try Listener(at: alone.address, sharing: .joining, on: resident.loop)
      }
      #expect(error?.isAddressInUse == true)
    }
  }

  @Test func `workers of one place share the connections`() async throws {
    try await Resident.live { resident in
      let first = try Listener(at: .loopback(port: 0), sharing: .opening, on: resident.loop)
      let joined = try Listener(at: first.address, sharing: .joining, on: resident.loop)
      var counts = (first: 0, joined: 0)
      // Where one goes depends on its port: that all of so many go to one side is as good as impossible.
      for _ in 0..<200 {
        let stream = try await Stream.connect(
          to: [first.address], on: resident.loop, by: .after(.seconds(20)))
        var arrived = false
        while !arrived {
          if try first.takeWaiting() != nil {
            counts.first += 1
            arrived = true
          } else if try joined.takeWaiting() != nil {
            counts.joined += 1
            arrived = true
          } else {
            await resident.loop.sleep(until: resident.loop.now.advanced(by: .milliseconds(1)))
          }
        }
        stream.close()
      }
      #expect(counts.first > 0 && counts.joined > 0)
    }
  }

  @Test func `of many who want one port at once, no two get it`() throws {
    for _ in 0..<20 {
      let held = try HeldPort()
      let port = held.port
      held.release()
      let race = Race()
      let threads = (0..<8).map { _ in
        Thread.spawn(named: "starter") {
          let gate = try? Self.front(at: port)
          race.finish(won: gate != nil)
          // Kept until all have tried.
          _ = eventually { race.tried == 8 }
          withExtendedLifetime(gate) {}
        }
      }
      for thread in threads { thread.join() }
      #expect(race.tried == 8)
      #expect(race.won <= 1)
    }
  }

  /// What a gate with two workers does.
  private static func front(at port: UInt16) throws -> (Listener, Listener) {
    let loop = try EventLoop()
    let first = try Listener(at: .loopback(port: port), sharing: .opening, on: loop)
    return (first, try Listener(at: first.address, sharing: .joining, on: loop))
  }

  private final class Race: Sendable {
    private let state = Mutex((tried: 0, won: 0))
    var tried: Int { state.withLock { $0.tried } }
    var won: Int { state.withLock { $0.won } }
    func finish(won: Bool) {
      state.withLock {
        $0.tried += 1
        if won { $0.won += 1 }
      }
    }
  }
}
