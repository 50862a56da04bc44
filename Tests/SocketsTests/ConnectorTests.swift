// Connecting to a name with several addresses.

import Glibc
import Support
import Testing

@testable import Sockets

@Suite struct ConnectorTests {
  @Test func `an address that swallows packets leaves time for the next one`() async throws {
    let full = try FullListener()
    let port = full.port
    try await Resident.live { resident in
      let listener = try Listener(at: .loopback(port: 0), on: resident.loop)
      let addresses = [.loopback(port: port), listener.address]
      let end = Deadline.after(.milliseconds(1_000))
      let stream = try await Stream.connect(to: addresses, on: resident.loop, by: end)
      #expect(stream.isOpen)
      #expect(Deadline.now < end)
    }
    withExtendedLifetime(full) {}
  }

  @Test func `a connection that was reset before it was noticed counts, if there is something to read`()
    async throws
  {
    for words in ["", "busy"] {
      let server = try BlockingSocket.listen()
      let port = server.port
      try await Resident.live { resident in
        let stream = try await Stream.connect(to: [.loopback(port: port)], on: resident.loop, by: .never)
        let far = try server.accept()
        try far.write(Array(words.utf8))
        far.reset()
        // As if the connection were still being made.
        if words.isEmpty {
          await #expect(throws: SocketError.self) { try await stream.connected(by: .never) }
        } else {
          try await stream.connected(by: .never)
          let input = ByteQueue()
          #expect(try stream.receive(into: input) == .bytes(4))
          #expect(try stream.receive(into: input) == .end)
        }
      }
    }
  }
}

/// Listens and never accepts, with its queue full: the kernel drops whatever else wants to connect.
private final class FullListener {
  let port: UInt16
  private let listener: BlockingSocket
  private var pending: [Int32] = []

  init() throws {
    listener = try BlockingSocket.listen(backlog: 0)
    port = listener.port
    for _ in 0..<4 {
      let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      _ = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          unsafe connect(number, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      pending.append(number)
    }
  }

  deinit { for number in pending { close(number) } }
}
