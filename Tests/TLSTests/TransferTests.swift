// Data after the handshake: many records, ends clean and cut, and what was broken on the way.

import Sockets
import Support
import TLS
import Testing

@Suite struct TransferTests {
  private let pair: SessionPair

  init() throws {
    let pki = try TestPKI()
    pair = try SessionPair(pki.serverContext(), pki.clientContext())
    try pair.handshake()
  }

  private static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
  }

  @Test(arguments: [1, 16_383, 16_384, 16_385, 541_000])
  func `one write and one read carry any length`(count: Int) throws {
    let data = Self.pattern(count)
    try pair.server.write(data.span)
    #expect(pair.server.outbound.count > count)
    pair.exchange()
    #expect(try pair.client.read(into: pair.clientText) == .progress)
    #expect(pair.clientText.contents == data)
    #expect(try pair.client.read(into: pair.clientText) == .needsInput)
  }

  @Test func `one read drains many small records`() throws {
    for number in 0..<1_000 { try pair.client.write("\(number),".utf8Span.span) }
    pair.exchange()
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(pair.serverText.text == (0..<1_000).map { "\($0)," }.joined())
  }

  @Test func `a queue is written whole and emptied`() throws {
    let queue = ByteQueue()
    try pair.client.write(from: queue)
    #expect(pair.client.outbound.isEmpty)
    queue.append(Self.pattern(40_000))
    try pair.client.write(from: queue)
    #expect(queue.isEmpty)
    pair.exchange()
    _ = try pair.server.read(into: pair.serverText)
    #expect(pair.serverText.contents == Self.pattern(40_000))
  }

  @Test func `a queue is written in pieces no longer than asked`() throws {
    let queue = ByteQueue()
    queue.append(Self.pattern(150_000))
    var pieces: [Int] = []
    while !queue.isEmpty {
      let before = queue.count
      try pair.client.write(from: queue, atMost: TLSLimits.pieceBytes)
      pieces.append(before - queue.count)
      pair.exchange()
    }
    #expect(pieces == [65_536, 65_536, 18_928])
    _ = try pair.server.read(into: pair.serverText)
    #expect(pair.serverText.contents == Self.pattern(150_000))
  }

  @Test(arguments: [1, 7, 1_000, 16_411, 16_412])
  func `pieces of any size give the same bytes`(size: Int) throws {
    let data = Self.pattern(50_000)
    try pair.client.write(data.span)
    while SessionPair.move(from: pair.client.outbound, to: pair.server.inbound, atMost: size) {
      _ = try pair.server.read(into: pair.serverText)
    }
    #expect(pair.serverText.contents == data)
  }

  @Test func `both directions at once do not mix`() throws {
    for round in 0..<200 {
      try pair.client.write("c\(round);".utf8Span.span)
      try pair.server.write("s\(round);".utf8Span.span)
      if round % 3 == 0 { pair.exchange(atMost: 50) }
      _ = try pair.client.read(into: pair.clientText)
      _ = try pair.server.read(into: pair.serverText)
    }
    _ = pair.settle()
    #expect(pair.serverText.text == (0..<200).map { "c\($0);" }.joined())
    #expect(pair.clientText.text == (0..<200).map { "s\($0);" }.joined())
  }

  @Test func `close_notify is a clean end, after the data before it`() throws {
    try pair.client.write("last".utf8Span.span)
    try pair.client.close()
    try pair.client.close()
    pair.exchange()
    pair.server.endInput()
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(pair.serverText.text == "last")
    #expect(try pair.server.read(into: pair.serverText) == .closed)
    #expect(try pair.server.read(into: pair.serverText) == .closed)
    // The other direction is still open.
    try pair.server.write("answer".utf8Span.span)
    try pair.server.close()
    pair.exchange()
    #expect(try pair.client.read(into: pair.clientText) == .progress)
    #expect(pair.clientText.text == "answer")
    #expect(try pair.client.read(into: pair.clientText) == .closed)
  }

  @Test func `an end without close_notify is truncation, after the data before it`() throws {
    try pair.client.write("last".utf8Span.span)
    pair.exchange()
    pair.server.endInput()
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(pair.serverText.text == "last")
    #expect(throws: TLSError.truncated(by: .client)) { try pair.server.read(into: pair.serverText) }
    #expect(TLSError.truncated(by: .client).reason == "client ended the connection without closing TLS")
  }

  @Test func `an end in the middle of a record is truncation`() throws {
    try pair.client.write(Self.pattern(100).span)
    pair.exchange(atMost: 50)
    #expect(try pair.server.read(into: pair.serverText) == .needsInput)
    pair.server.endInput()
    #expect(throws: TLSError.truncated(by: .client)) { try pair.server.read(into: pair.serverText) }
    #expect(pair.serverText.isEmpty)
  }

  @Test(arguments: [0, 50])
  func `what was truncated can still write`(partial: Int) throws {
    try pair.client.write(Self.pattern(100).span)
    if partial > 0 { pair.exchange(atMost: partial) }
    pair.server.endInput()
    for _ in 0..<2 {
      #expect(throws: TLSError.truncated(by: .client)) { try pair.server.read(into: pair.serverText) }
    }
    try pair.server.write("heard".utf8Span.span)
    pair.client.outbound.removeAll()
    pair.exchange()
    #expect(try pair.client.read(into: pair.clientText) == .progress)
    #expect(pair.clientText.text == "heard")
  }

  @Test func `a changed byte gives nothing of its record and an alert to the sender`() throws {
    try pair.client.write("good".utf8Span.span)
    try pair.client.write("evil".utf8Span.span)
    var bytes = pair.client.outbound.contents
    pair.client.outbound.removeAll()
    bytes[bytes.count - 1] ^= 1
    pair.server.inbound.append(bytes)
    #expect(try pair.server.read(into: pair.serverText) == .progress)
    #expect(pair.serverText.text == "good")
    #expect(throws: TLSError.self) { try pair.server.read(into: pair.serverText) }
    #expect(throws: TLSError.self) { try pair.server.write("more".utf8Span.span) }
    pair.exchange()
    #expect(throws: TLSError.alert(Alert(code: 20), from: .server)) {
      try pair.client.read(into: pair.clientText)
    }
  }

  @Test func `garbage after the handshake is the peer's fault`() throws {
    pair.server.inbound.append([UInt8](repeating: 0x41, count: 500))
    do throws(TLSError) {
      _ = try pair.server.read(into: pair.serverText)
      Issue.record("read garbage")
    } catch {
      #expect(error.party == .peer)
    }
  }

  @Test func `nothing is written before the handshake`() throws {
    let pki = try TestPKI()
    let fresh = try SessionPair(pki.serverContext(), pki.clientContext())
    #expect(throws: TLSError.self) { try fresh.server.write("early".utf8Span.span) }
    #expect(fresh.server.outbound.isEmpty)
  }
}
