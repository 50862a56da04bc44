// Thousands of sessions, good and bad, leave no memory behind.

import Foundation
import Sockets
import Support
import TLS
import Testing

@Suite(.serialized) struct LeakTests {
  @Test func `resident memory stays flat over thousands of sessions`() throws {
    let pki = try TestPKI()
    let server = try pki.serverContext(clientCertificates: .optional(pki.authority.bundle))
    let good = try pki.clientContext(identity: pki.client("team-a", names: [.uri("spiffe://a")]))
    let bad = try pki.clientContext(identity: TestPKI().client("mallory"))
    let data = [UInt8](repeating: 0x61, count: 40_000)

    func round() throws {
      // Whole, with data, an identity and both ends closed.
      let whole = try SessionPair(server, good)
      try whole.handshake()
      try whole.server.write(data.span)
      _ = whole.settle()
      _ = (whole.server.peerIdentity, whole.server.negotiated)
      // Rested, and rested for good.
      for end in [false, true] {
        let resting = try SessionPair(server, good)
        try resting.handshake()
        guard let rest = resting.server.suspend() else { throw NoRest() }
        if end { continue }
        let woken = try Session(waking: rest, inbound: ByteQueue(), outbound: ByteQueue())
        try woken.write(data.span)
      }
      try whole.client.close()
      _ = whole.settle()
      // Refused, dropped in the middle of the handshake, and garbage.
      #expect(try SessionPair(server, bad).settle().server != nil)
      let dropped = try SessionPair(server, good)
      _ = try dropped.client.handshake()
      dropped.exchange()
      _ = try dropped.server.handshake()
      let garbage = try Session(accepting: server, inbound: ByteQueue(), outbound: ByteQueue())
      garbage.inbound.append(Array("GET / HTTP/1.1\r\n\r\n".utf8))
      #expect(throws: TLSError.self) { try garbage.handshake() }
    }

    for _ in 0..<60 { try round() }
    // What leaks, leaks in every window; what the tests that run beside this one allocate does not, sooner or later.
    var growths: [Int] = []
    while growths.count < 40, !growths.contains(where: Self.isFlat) {
      let before = try residentKilobytes()
      for _ in 0..<60 { try round() }
      growths.append(try residentKilobytes() - before)
    }
    #expect(growths.contains(where: Self.isFlat), "kB left behind by 60 rounds each: \(growths)")
  }

  /// The smallest thing that OpenSSL could leave behind in each of 60 rounds, a certificate, has some 2 kB. Memory that
  /// others give back meanwhile could hide a leak: a window in which there was less afterwards says nothing.
  private static func isFlat(_ kilobytes: Int) -> Bool { (0..<16).contains(kilobytes) }

  private func residentKilobytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
  }
}
