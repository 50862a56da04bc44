// One peer that always has more to say must not keep a loop for itself.

import HTTP
import Messages
import Sockets
import Support
import Testing

@Suite struct FairnessTests {
  @Test func `a body that never stops coming lets others run, and ends at its deadline`() async throws {
    let listener = try BlockingSocket.listen()
    let port = listener.port
    Thread.start(named: "flood") {
      guard let socket = try? listener.accept() else { return }
      try? socket.write(Array("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      // The most bytes for the least content: the reader is slower than the writer.
      let chunk = Array(repeatElement(Array("0000000000000001\r\na\r\n".utf8), count: 1_000).joined())
      while (try? socket.write(chunk)) != nil {}
    }
    try await Resident.live { resident in
      let (ticks, outcome) = await resident.readFlood(from: .loopback(port: port))
      #expect(ticks > 0)
      #expect(outcome == "the body did not come in time")
    }
  }
}

extension Resident {
  /// How often another task ran while the body was read, and how the reading ended.
  fileprivate func readFlood(from address: SocketAddress) async -> (ticks: Int, outcome: String) {
    guard let stream = try? await Stream.connect(to: [address], on: loop, by: .after(.seconds(5))) else {
      return (0, "no connection")
    }
    let channel = Channel(plain: stream)
    var limits = HTTPLimits.standard
    limits.bodyBytes = 1 << 30
    let counter = Counter()
    async let ticking: Void = tick(counter)
    var outcome = "nothing"
    do throws(MessageError) {
      let reader = RequestReader(channel, limits: limits)
      guard let head = try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5)) else {
        return (0, "no head")
      }
      counter.ticks = 0
      _ = try await reader.body(of: head, within: .milliseconds(200))
    } catch {
      outcome = "\(error)"
    }
    channel.close()
    counter.isDone = true
    await ticking
    return (counter.ticks, outcome)
  }

  fileprivate func tick(_ counter: Counter) async {
    while !counter.isDone {
      counter.ticks += 1
      await loop.sleep(until: loop.now.advanced(by: .milliseconds(2)))
    }
  }
}

/// Confined to one loop.
final class Counter: @unchecked Sendable {
  var ticks = 0
  var isDone = false
}
