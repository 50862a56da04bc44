// Collectors at the other end of a socket.
import Bytes
import Digests
import Foundation
import Testing

@testable import Audit

/// A collector on a unix socket that accepts one connection after another and keeps what each sent.
final class Collector: Sendable {
  let path: String
  private let listener: Int32
  private let received = Monitor<[[UInt8]]>([])

  init(_ path: String, type: Int32 = Int32(SOCK_STREAM.rawValue)) throws {
    self.path = path
    listener = socket(AF_UNIX, type, 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    if type == Int32(SOCK_STREAM.rawValue) { try #require(listen(listener, 8) == 0) }
  }

  deinit { close(listener) }

  /// Accepts `count` connections in turn, reading each until `bytes` came or it ends, and closes it.
  func serve(connections count: Int, closingAfter bytes: Int = .max) {
    Thread.detachNewThread { [self] in
      for _ in 0..<count {
        let connection = accept(listener, nil, nil)
        receive(from: connection, atMost: bytes)
        close(connection)
      }
    }
  }

  /// One datagram after another, for good.
  func serveDatagrams() {
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = unsafe recv(listener, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let datagram = Array(buffer[..<count])
        received.withLock { $0.append(datagram) }
        received.wake()
      }
    }
  }

  private func receive(from connection: Int32, atMost limit: Int) {
    received.withLock { $0.append([]) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var total = 0
    while total < limit {
      let count = unsafe read(connection, &buffer, buffer.count)
      guard count > 0 else { return }
      total += count
      let bytes = Array(buffer[..<count])
      received.withLock { $0[$0.count - 1] += bytes }
      received.wake()
    }
  }

  /// What came so far, connection by connection, once `isEnough` says so.
  func wait(until isEnough: @escaping ([[UInt8]]) -> Bool) -> [[UInt8]]? {
    received.wait(until: .now().advanced(byMilliseconds: patience)) { isEnough($0) ? $0 : nil }
  }
}

struct SocketSinkTests {
  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `plain lines arrive at a stream socket, chained`() throws {
    let scratch = try Scratch()
    let collector = try Collector(scratch.path("collector.sock"))
    collector.serve(connections: 1)
    let journal = try Journal.open(
      JournalSettings(sinks: [SinkSettings(.socket(.unix(path: collector.path)))]))
    let fates = Fates()
    for _ in 0..<10 { try journal.submit(sampleBatch(count: 3), completion: fates.completion) }
    #expect(fates.wait(for: 10)?.allSatisfy { $0.isKept } == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let received = try #require(collector.wait { $0.last?.filter { $0 == 0x0A }.count == 32 })
    try expectChain(lines(received[0]))
  }

  @Test func `a collector that is away fails batches, and gets the gap when it comes`() throws {
    let scratch = try Scratch()
    let path = scratch.path("collector.sock")
    let journal = try Journal.open(JournalSettings(sinks: [SinkSettings(.socket(.unix(path: path)))]))
    let fates = Fates()
    try journal.submit(sampleBatch("lost", count: 2), completion: fates.completion)
    let address = "unix://\(path)"
    #expect(fates.wait(for: 1)?[0].error == .notConnected(to: address, code: ENOENT))
    #expect(!journal.health.isKeeping)
    let collector = try Collector(path)
    collector.serve(connections: 1)
    // Recovers without being asked to.
    let received = try #require(collector.wait { $0.last?.filter { $0 == 0x0A }.count == 2 })
    #expect(try eventTypes(of: lines(received[0])) == ["audit-open", "audit-gap"])
    try journal.submit(sampleBatch(), completion: fates.completion)
    #expect(fates.wait(for: 2)?[1].isKept == true)
    #expect(journal.health.isKeeping)
    #expect(journal.close(withinMilliseconds: patience) == 0)
  }

  @Test func `after a collector hung up the next batch goes over a new connection`() throws {
    let scratch = try Scratch()
    let collector = try Collector(scratch.path("collector.sock"))
    collector.serve(connections: 2, closingAfter: 1)
    let journal = try Journal.open(
      JournalSettings(sinks: [SinkSettings(.socket(.unix(path: collector.path)))]))
    let fates = Fates()
    // The first connection ends after whatever came first; the batch is written when that is seen.
    _ = try #require(collector.wait { $0.first?.isEmpty == false })
    var tries = 0
    repeat {
      tries += 1
      try journal.submit(sampleBatch("\(tries)"), completion: fates.completion)
      _ = try #require(fates.wait(for: tries))
    } while collector.wait(until: { _ in true })?.count != 2 && tries < 1_000
    let received = try #require(collector.wait { $0.count == 2 && !$0[1].isEmpty })
    #expect(try payload(of: lines(received[1])[0])["cause"] as? String == "connected")
    _ = journal.close(withinMilliseconds: patience)
  }

  @Test func `syslog over a datagram socket: one message a line`() throws {
    let scratch = try Scratch()
    let collector = try Collector(scratch.path("log.sock"), type: Int32(SOCK_DGRAM.rawValue))
    collector.serveDatagrams()
    var header = SyslogHeader()
    header.hostName = "gate-1"
    let journal = try Journal.open(
      JournalSettings(sinks: [SinkSettings(.syslog(.unix(path: collector.path), header))]))
    let fates = Fates()
    try journal.submit(sampleBatch(count: 2), completion: fates.completion)
    #expect(fates.wait(for: 1)?[0].isKept == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let messages = try #require(collector.wait { $0.count == 4 })
    for message in messages {
      let text = String(decoding: message, as: UTF8.self)
      let pattern = /<110>1 (.{27}) gate-1 peergate (\d+) audit - (\{.*\})/
      let match = try #require(text.wholeMatch(of: pattern))
      #expect(try object(String(match.3))["created_at"] as? String == String(match.1))
      #expect(String(match.2) == "\(getpid())")
    }
  }

  @Test func `syslog over a stream counts bytes`() throws {
    let scratch = try Scratch()
    let collector = try Collector(scratch.path("log.sock"))
    collector.serve(connections: 1)
    let journal = try Journal.open(
      JournalSettings(sinks: [SinkSettings(.syslog(.unix(path: collector.path), SyslogHeader()))]))
    let fates = Fates()
    try journal.submit(sampleBatch(count: 5), completion: fates.completion)
    #expect(fates.wait(for: 1)?[0].isKept == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let received = try #require(
      collector.wait { String(decoding: $0.joined(), as: UTF8.self).contains("audit-close") })
    var rest = received[0][...]
    var messages = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != 0x20 }
      let count = try #require(Int(String(decoding: digits, as: UTF8.self)))
      let message = rest.dropFirst(digits.count + 1).prefix(count)
      #expect(message.starts(with: Array("<110>1 ".utf8)) && message.last == UInt8(ascii: "}"))
      rest = rest.dropFirst(digits.count + 1 + count)
      messages += 1
    }
    #expect(messages == 7)
  }

  @Test func `a port where nobody listens and a host without an address are told in words`() throws {
    let refused = SocketAddress.tcp(host: "127.0.0.1", port: 1)
    #expect(throws: AuditError.notConnected(to: "tcp://127.0.0.1:1", code: ECONNREFUSED)) {
      try Connection.open(refused, kinds: [.stream])
    }
    #expect(throws: AuditError.unknownHost("no such host")) {
      try Connection.open(.tcp(host: "no such host", port: 1), kinds: [.stream])
    }
    #expect("\(SocketAddress.tcp(host: "::1", port: 5))" == "tcp://[::1]:5")
  }

  @Test func `names that are no tokens are cleaned for syslog`() {
    var header = SyslogHeader()
    header.hostName = "a b\n\u{e9}"
    header.applicationName = ""
    var block = Block(after: .beginning)
    block.append(sampleBatch())
    let bytes = SyslogFraming(header, process: 7).messages(of: block, countingBytes: false).bytes
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.dropFirst(7 + 27).hasPrefix(" ab - 7 audit - {"))
  }
}
