// What writing an audit line and chaining it costs.

import Audit
import Digests
import JSON

enum Records {
  static func rows() -> [MicroRow] {
    let entry = entry()
    var encoder = LineEncoder()
    var sample = Batch()
    encoder.append(entry, to: &sample)
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: sample.byteCount)
    let encode = Stopwatch.best(of: 20, times: 200) {
      var batch = Batch()
      for _ in 0..<linesPerTurn { encoder.append(entry, to: &batch) }
      keep(batch.byteCount)
    }
    let chain = Stopwatch.best(of: 20, times: 5_000) { keep(SHA256.digest(of: bytes.span)) }
    return [
      MicroRow(stage: "encode audit line", nanoseconds: encode / linesPerTurn, bytes: sample.byteCount),
      MicroRow(stage: "digest audit line", nanoseconds: chain, bytes: bytes.count),
    ]
  }

  /// What a busy loop collects before it hands it over.
  private static let linesPerTurn = 32

  private static func entry() -> Entry {
    let peer = Population.peer(1, of: 1)
    let line = Array("GET /v1/peering/\(peer)".utf8)
    var entry = Entry(
      id: Array("00000000-0000-4000-8000-000000000000".utf8)[...], stage: .complete(status: 200),
      connection: Entry.Connection(
        remoteAddress: "127.0.0.1:50312",
        tls: Entry.TLS(version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384")),
      request: Entry.Request(
        line: line, method: 0..<3, endpoint: 4..<line.count,
        words: Entry.Words(
          userAgent: Array("Go-http-client/1.1".utf8)[...], host: Array("localhost".utf8)[...])),
      decision: Entry.Decision(
        .allow,
        rule: QuotedString("teams.hcl:3 peering_prefix \"\(Population.prefix(1))\" { policy = \"write\" }"),
        policyDigest: QuotedString(Population.digest(1))))
    entry.auth = Entry.Auth(accessorID: Population.accessor(1), tokenName: "token-1")
    entry.peering = Entry.Peering(
      operation: "read", peer: peer.utf8.span, partition: "default", access: "read")
    entry.durationMicroseconds = 123
    return entry
  }
}
