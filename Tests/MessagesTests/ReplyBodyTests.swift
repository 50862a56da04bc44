// Bodies that are read where they are kept: whole, in order, and not a byte more.

import HTTP
import Messages
import Sockets
import Support
import Testing

@Suite struct ReplyBodyTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  private static func head(_ framing: String) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n".utf8)
  }

  private static func chunk(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  private static let whole = head("Content-Length: \(content.count)") + content
  private static let oneChunk =
    head("Transfer-Encoding: chunked") + chunk(content[...]) + Array("0\r\nX-Checksum: 1\r\n\r\n".utf8)
  private static let someChunks =
    head("Transfer-Encoding: chunked") + chunk(content[..<100_000]) + chunk(content[100_000..<100_001])
    + chunk(content[100_001...]) + Array("0\r\n\r\n".utf8)
  private static let last = head("Content-Length: 5") + Array("after".utf8)

  /// What the reader makes of replies that come on one connection in pieces of that many bytes.
  private func bodies(_ replies: [[UInt8]], inPiecesOf size: Int, count: Int) async throws -> [[UInt8]?] {
    let listener = try BlockingSocket.listen()
    let port = listener.port
    let bytes = Array(replies.joined())
    Thread.start(named: "replies") {
      guard let socket = try? listener.accept() else { return }
      for start in stride(from: 0, to: bytes.count, by: size) {
        try? socket.write(Array(bytes[start..<min(bytes.count, start + size)]))
      }
      socket.shutdownWriting()
      while (try? socket.read())?.isEmpty == false {}
    }
    return try await Resident.live { resident in
      await resident.bodies(from: .loopback(port: port), count: count)
    }
  }

  @Test(arguments: [1_000, 4_096, 70_001, 2_000_000])
  func `bodies are read whole, and what follows them is left for the next`(_ size: Int) async throws {
    let replies = [Self.whole, Self.oneChunk, Self.someChunks, Self.last]
    let bodies = try await bodies(replies, inPiecesOf: size, count: replies.count)
    #expect(bodies == [Self.content, Self.content, Self.content, Array("after".utf8)])
  }

  @Test(arguments: [whole, oneChunk, someChunks]) func `a body that is cut is none`(_ reply: [UInt8])
    async throws
  {
    for count in [reply.count - 1, 200_000, 20_000] {
      let bodies = try await bodies([Array(reply[..<count])], inPiecesOf: 100_000, count: 1)
      #expect(bodies == [nil])
    }
  }
}

extension Resident {
  fileprivate func bodies(from address: SocketAddress, count: Int) async -> [[UInt8]?] {
    guard let stream = try? await Stream.connect(to: [address], on: loop, by: .after(.seconds(5))) else {
      return []
    }
    let channel = Channel(plain: stream)
    var bodies: [[UInt8]?] = []
    let reader = ResponseReader(channel, limits: .standard)
    for _ in 0..<count {
      reader.expect(replyTo: .get)
      do throws(MessageError) {
        let head = try await reader.head(by: .after(.seconds(5)))
        bodies.append(try await reader.body(of: head, pause: .seconds(5)))
      } catch {
        bodies.append(nil)
      }
    }
    channel.close()
    return bodies
  }
}
