// Changed, cut and doubled bytes at any place of a conversation end in a typed error or in waiting, never worse.

import Sockets
import Support
@testable import TLS
import Testing

@Suite struct MutationTests {
  @Test(arguments: ProtocolVersion.allCases, 0..<4)
  func `a hostile wire cannot make either side misbehave`(version: ProtocolVersion, seed: Int) throws {
    let pki = try TestPKI()
    let server = try pki.serverContext(clientCertificates: .optional(pki.authority.bundle))
    let client = try pki.clientContext(identity: pki.client("team-a")).speaking(only: version)
    var random = SplitMix(state: UInt64(seed))
    for _ in 0..<20 {
      let pair = try SessionPair(server, client)
      // The first flights go through, so that the later ones are reached too.
      var honest = Int.random(in: 0..<8, using: &random)
      for _ in 0..<12 {
        step(pair.client, pair.clientText)
        step(pair.server, pair.serverText)
        mutate(pair.client.outbound, &honest, &random)
        mutate(pair.server.outbound, &honest, &random)
        pair.exchange()
      }
      // What was decrypted is what was sent, or nothing.
      #expect(Set(pair.serverText.contents).isSubset(of: [UInt8(ascii: "a")]))
      #expect(Set(pair.clientText.contents).isSubset(of: [UInt8(ascii: "a")]))
    }
  }

  private func step(_ session: Session, _ text: ByteQueue) {
    do throws(TLSError) {
      if session.isEstablished {
        try session.write("aaaa".utf8Span.span)
        _ = try session.read(into: text)
      } else {
        _ = try session.handshake()
      }
    } catch {
      #expect(error.party == .peer, "\(error)")
    }
  }

  private func mutate(_ queue: ByteQueue, _ honest: inout Int, _ random: inout SplitMix) {
    var bytes = queue.contents
    guard !bytes.isEmpty else { return }
    honest -= 1
    guard honest < 0 else { return }
    let position = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[position] ^= UInt8.random(in: 1...255, using: &random)
    case 1: bytes.removeSubrange(position...)
    case 2: bytes.insert(contentsOf: bytes[..<position], at: position)
    default: bytes.remove(at: position)
    }
    queue.removeAll()
    queue.append(bytes)
  }
}

/// The same numbers for the same seed, so that a failure can be met again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
