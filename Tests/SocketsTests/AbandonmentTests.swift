// Waits that nobody wants the end of any more.

import Sockets
import Support
import Testing

@Suite struct AbandonmentTests {
  @Test func `who is parked is interrupted, and so is anyone who parks later`() async throws {
    let wakes = try await Resident.live { resident -> [Wake] in
      let place = Waiter(on: resident.loop)
      place.abandon()
      let first = await place.park(until: .never, unless: { false })
      // Even what has come is not waited for.
      let second = await place.park(until: .never, unless: { true })
      return [first, second]
    }
    #expect(wakes == [.interrupted, .interrupted])
  }

  // A client that leaves in the very turn of the loop in which a ticket, an interim reply or half a head has come from
  // upstream: the reader has been woken for that, will read it, and park again.
  @Test func `a hang-up is not lost on a reader that was just woken for something else`() async throws {
    let reason = try await Resident.live { resident -> SocketError.Reason? in
      let (client, far) = try await resident.pair()
      let (upstream, consul) = try await resident.pair()
      #expect(client.beginWatch(abandoning: upstream.readingPlace))
      defer { client.endWatch() }
      let reader = Confined(upstream)
      let reading = Task(executorPreference: resident.loop) { () -> SocketError.Reason? in
        await Self.readOn(reader)
      }
      while !upstream.readingPlace.isOccupied { await resident.loop.sleep(until: resident.loop.now) }
      // Both before the loop looks again: the events come in one batch.
      try consul.send(from: ByteQueue("HTTP/1.1 200 OK\r\n"))
      far.close()
      return await reading.value
    }
    #expect(reason == .interrupted)
  }

  /// Reads whatever comes, for ever.
  private static func readOn(_ stream: Confined<Stream>) async -> SocketError.Reason? {
    let queue = ByteQueue()
    do throws(SocketError) {
      while true {
        switch try stream.value.receive(into: queue) {
        case .bytes: continue
        case .end: return nil
        case .wouldBlock: try await stream.value.readable(by: .after(.seconds(20)))
        }
      }
    } catch {
      return error.reason
    }
  }
}
