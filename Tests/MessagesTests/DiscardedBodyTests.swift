// A body that nobody asked for: read over to find the next request, and only so far.

import HTTP
import Messages
import Sockets
import Support
import Testing

@Suite struct DiscardedBodyTests {
  private static let next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n"

  /// Whether the body behind `head` could be dropped within `limit`, and the path of the request behind it.
  private func discard(_ text: String, limit: Int) async throws -> (isDropped: Bool, next: String?) {
    try await Resident.live { resident in try await resident.discard(text, limit: limit) }
  }

  private static func post(_ framing: String, _ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n\(body)"
  }

  /// The limit is looked at whenever more has to come, so it holds to within what is read at once.
  @Test(arguments: [(100_000, true), (100_001, true), (50_000, false)])
  func `a body up to the limit is dropped, and the next request is read`(limit: Int, isDropped: Bool)
    async throws
  {
    let body = String(repeating: "x", count: 100_000)
    let outcome = try await discard(Self.post("Content-Length: 100000", body) + Self.next, limit: limit)
    #expect(outcome.isDropped == isDropped)
    #expect(outcome.next == (isDropped ? "/next" : nil))
  }

  @Test func `chunks, extensions and trailers count by what they take to send`() async throws {
    let chunks = String(repeating: "1;a=b\r\nx\r\n", count: 200) + "0\r\nX: y\r\n\r\n"
    let whole = try await discard(
      Self.post("Transfer-Encoding: chunked", chunks) + Self.next, limit: chunks.utf8.count)
    #expect(whole.isDropped && whole.next == "/next")
    let unfinished = String(chunks.dropLast(2))
    #expect(
      try await !discard(Self.post("Transfer-Encoding: chunked", unfinished), limit: 500).isDropped)
  }

  @Test func `what breaks the grammar ends it`() async throws {
    await #expect(throws: MessageError.self) {
      try await discard(Self.post("Transfer-Encoding: chunked", "zz\r\n") + Self.next, limit: 1_000)
    }
  }

  @Test func `a body that was begun cannot be dropped, since nobody knows where it ends`() async throws {
    try await Resident.live { resident in
      let channel = try await resident.channel(Self.post("Content-Length: 100", "xx"))
      let reader = RequestReader(channel, limits: .standard)
      let head = try #require(try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5)))
      #expect(reader.hasUnreadBody && reader.canDiscardBody && reader.isMidMessage)
      await #expect(throws: MessageError.self) {
        try await reader.body(of: head, within: .seconds(5), hasRoom: { _ in false })
      }
      #expect(reader.hasUnreadBody && !reader.canDiscardBody && reader.isMidMessage)
      #expect(try await !reader.discardBody(atMost: 1_000, by: .after(.seconds(5))))
    }
  }

  @Test func `a request without a body, or with all of it read, leaves nothing unread`() async throws {
    try await Resident.live { resident in
      let channel = try await resident.channel(Self.next + Self.post("Content-Length: 2", "xx"))
      let reader = RequestReader(channel, limits: .standard)
      _ = try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5))
      #expect(!reader.hasUnreadBody)
      let head = try #require(try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5)))
      _ = try await reader.body(of: head, within: .seconds(5))
      #expect(!reader.hasUnreadBody && !reader.isMidMessage)
    }
  }
}

extension Resident {
  /// The receiving end of a connection on which `text` was sent, and nothing more will be.
  fileprivate func channel(_ text: String) async throws -> Channel {
    let (near, far) = try await pair()
    let sender = Channel(plain: near)
    sender.output.append(Array(text.utf8))
    try await sender.flush(by: .after(.seconds(5)))
    sender.finishWriting()
    return Channel(plain: far)
  }

  fileprivate func discard(_ text: String, limit: Int) async throws -> (isDropped: Bool, next: String?) {
    let reader = RequestReader(try await channel(text), limits: .standard)
    _ = try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5))
    guard try await reader.discardBody(atMost: limit, by: .after(.seconds(5))) else { return (false, nil) }
    let next = try await reader.head(idle: .after(.seconds(5)), completion: .seconds(5))
    return (true, next.map { String(decoding: $0.path, as: UTF8.self) })
  }
}
