// Plaintext through a stream, with TLS and without.

import Messages
import Sockets
import Support
import TLS
import Testing

@Suite struct ChannelTests {
  @Test func `an idle connection that was reset is not quiet, even before its event has come`() async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      let (near, far) = try await resident.channels(pki)
      try await near.flush("unread", by: .after(.seconds(5)))
      #expect(near.isQuiet(asking: true))
      // Closing with bytes unread resets; nothing has let the loop look at its events since.
      far.close()
      #expect(!near.isQuiet(asking: true))
    }
  }

  @Test func `an idle connection on which something came is not quiet`() async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      for isSecure in [true, false] {
        let (near, far) = try await resident.channels(isSecure ? pki : nil)
        #expect(near.isQuiet())
        try await far.flush("unasked", by: .after(.seconds(5)))
        #expect(!near.isQuiet(asking: true))
        #expect(!near.isQuiet())
      }
    }
  }

  @Test(arguments: [1, 4, 5, 6, 30])
  func `an idle connection on which part of a record came is not quiet`(count: Int) async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      let (near, far) = try await resident.channels(pki)
      #expect(near.isQuiet(asking: true))
      let record = ByteQueue()
      record.append(Array(([0x17, 3, 3, 0, 99] + [UInt8](repeating: 7, count: 99)).prefix(count)))
      try far.stream.send(from: record)
      #expect(!near.isQuiet(asking: true))
      #expect(!near.isQuiet())
    }
  }

  @Test func `tickets do not wait for an answer that is a long time coming`() async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      let (client, server) = try await resident.channels(pki, answering: false)
      #expect(client.isQuiet(asking: true))
      #expect(!client.stream.mayHaveInput)
      server.releaseBuffers()
      try await client.stream.readable(by: .after(.seconds(5)))
      // A ticket is no message.
      #expect(client.isQuiet())
    }
  }

  @Test func `a peer that floods an idle connection is not read to the end`() async throws {
    let listener = try BlockingSocket.listen()
    let port = listener.port
    Thread.start(named: "flood") {
      guard let socket = try? listener.accept() else { return }
      let zeros = [UInt8](repeating: 0, count: 1 << 20)
      while (try? socket.write(zeros)) != nil {}
    }
    let pki = try TestPKI()
    try await Resident.live { resident in
      let address = SocketAddress.loopback(port: port)
      let stream = try await Stream.connect(to: [address], on: resident.loop, by: .after(.seconds(5)))
      let channel = try Channel(stream, connecting: try pki.clientContext())
      // Ends as soon as the flood is here; the test is that each question comes to an end.
      while channel.isQuiet(asking: true) { try await stream.readable(by: .after(.seconds(5))) }
      #expect(!channel.isQuiet(asking: true))
      channel.close()
    }
  }

  @Test func `what is written in one piece arrives whole and in order`() async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      for isSecure in [true, false] {
        let (near, far) = try await resident.channels(isSecure ? pki : nil)
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        near.output.append(bytes)
        let receiver = Confined(far)
        async let received = resident.receive(bytes.count, from: receiver)
        try await near.flush(by: .after(.seconds(20)))
        let all = await received
        #expect(all == bytes)
      }
    }
  }

  @Test func `the end is told apart from a cut`() async throws {
    let pki = try TestPKI()
    try await Resident.live { resident in
      let (near, far) = try await resident.channels(pki)
      far.finishWriting()
      let hasMore = try await near.fill(by: .after(.seconds(5)))
      #expect(!hasMore)
      let (left, right) = try await resident.channels(pki)
      right.close()
      do throws(ChannelError) {
        _ = try await left.fill(by: .after(.seconds(5)))
        Issue.record("it was taken for the end")
      } catch {
        #expect(error == .truncated)
      }
    }
  }
}

extension Channel {
  func flush(_ text: String, by deadline: Deadline) async throws(ChannelError) {
    output.append(Array(text.utf8))
    try await flush(by: deadline)
  }
}

extension Resident {
  /// Two ends of one connection, over TLS if there is a PKI.
  /// Unless `answering`, the server has not said anything after the handshake.
  func channels(_ pki: TestPKI?, answering: Bool = true) async throws -> (client: Channel, server: Channel) {
    let (near, far) = try await pair()
    guard let pki else { return (Channel(plain: near), Channel(plain: far)) }
    let client = try Channel(near, connecting: try pki.clientContext())
    let server = Confined(try Channel(far, accepting: try pki.serverContext()))
    async let greeted: Void = greet(server, answering: answering)
    try await client.handshake(by: .after(.seconds(5)))
    // The last flight of either side goes out with its first words: after a greeting each way both are silent.
    try await client.flush("hello", by: .after(.seconds(5)))
    if answering {
      let isGreeted = try await client.fill(by: .after(.seconds(5)))
      #expect(isGreeted)
    }
    try await greeted
    client.input.removeAll()
    server.value.input.removeAll()
    return (client, server.value)
  }

  private func greet(_ channel: Confined<Channel>, answering: Bool) async throws {
    try await channel.value.handshake(by: .after(.seconds(5)))
    let isGreeted = try await channel.value.fill(by: .after(.seconds(5)))
    #expect(isGreeted)
    if answering { try await channel.value.flush("hello", by: .after(.seconds(5))) }
  }

  func receive(_ count: Int, from channel: Confined<Channel>) async -> [UInt8] {
    let channel = channel.value
    while channel.input.count < count {
      guard (try? await channel.fill(by: .after(.seconds(20)))) == true else { break }
    }
    return channel.input.contents
  }
}
