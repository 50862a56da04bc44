// The conditions that a query takes on the command line.

import ArgumentParser
import Audit
import Bytes
import Policy

struct QueryConditions: ParsableArguments {
  @Option(help: "Name or accessor ID of a token; a* is all that begin with a.")
  var subject: [String] = []

  @Option(help: "Name of a peer, or team-b-* for all that begin so.")
  var peer: [String] = []

  @Option(help: "Name of a partition.")
  var partition: [String] = []

  @Option(help: "Name in the client's certificate.")
  var certificate: [String] = []

  @Option(help: "Address of the client's end, or a network such as 10.1.0.0/16.")
  var source: [String] = []

  @Option(help: "generate, establish, read, delete or list.")
  var operation: [String] = []

  @Option(help: "allow, deny or refuse.")
  var decision: [String] = []

  @Option(help: "Status of the answer: 404, 4xx, 500-599.")
  var status: [String] = []

  @Option(help: "start (before Consul is asked for a change) or complete.")
  var stage: [String] = []

  @Option(help: "Kind of line: audit, gate-reload, gate-*, audit-gap and so on.")
  var event: [String] = []

  @Option(help: "A request's id: the gate's own, which no client can choose.")
  var id: [String] = []

  @Option(help: "The X-Request-Id or the trace id that a client sent; several requests may have the same.")
  var requestId: [String] = []

  @Option(help: "Digest of a peering token, as peergate audit digest prints it.")
  var tokenDigest: [String] = []

  @Option(help: "Name or address of the gate that wrote the line.")
  var gate: [String] = []

  @Option(help: "Address of the Consul that was asked: 10.0.0.7:8501, or 10.0.0.7:*.")
  var upstream: [String] = []

  @Option(help: "Not before: so long ago (90s, 1h30m, 7d, 2w), a date or a time (2026-01-02T03:04:05+01:00).")
  var since: String?

  @Option(help: "Before: as --since.")
  var until: String?

  @Option(
    help: "A date or time, all of it (2026-01, 2026-01-02T15), or from one to the end of another (A..B).")
  var during: String?

  @Flag(help: "Times without a zone are the local ones, and times are shown so; else they are UTC.")
  var local = false

  func query() throws -> RecordQuery {
    try Self.check(operation, among: ["generate", "establish", "read", "delete", "list"], "--operation")
    try Self.check(decision, among: ["allow", "deny", "refuse"], "--decision")
    try Self.check(stage, among: ["start", "complete"], "--stage")
    var query = RecordQuery()
    query.subjects = try Self.names(subject, "--subject", isOurs: false)
    query.peers = try Self.names(peer, "--peer")
    query.partitions = try Self.names(partition, "--partition")
    query.certificates = try Self.names(certificate, "--certificate", isOurs: false)
    query.operations = try Self.names(operation, "--operation")
    query.outcomes = try Self.names(decision, "--decision")
    query.stages = stage.map {
      NameFilter(ByteString($0) == "start" ? "OperationStart" : "OperationComplete")
    }
    query.eventTypes = try Self.names(event, "--event")
    query.ids = try Self.names(id, "--id", isOurs: false)
    query.requestIDs = try Self.names(requestId, "--request-id", isOurs: false)
    query.tokenDigests = try Self.digests(tokenDigest)
    query.gates = try Self.names(gate, "--gate")
    query.upstreams = try Self.names(upstream, "--upstream", isOurs: false)
    query.statuses = try status.map { text in
      guard let filter = StatusFilter(ByteString(text)) else {
        throw ValidationError("--status takes a code (404), a class (4xx) or a range (500-599)")
      }
      return filter
    }
    query.isFromSource = try sourceFilter()
    query.period = try period()
    return query
  }

  private func sourceFilter() throws -> (@Sendable (ByteString) -> Bool)? {
    if source.isEmpty { return nil }
    let ranges = try source.map { text throws in
      do throws(AddressRange.Fault) {
        return try AddressRange(text)
      } catch {
        if case .hostBits(let range) = error {
          throw ValidationError("--source: \(text) has bits behind its length; \(range) is the network")
        }
        throw ValidationError("--source takes an address, or a network such as 10.1.0.0/16 or 2001:db8::/32")
      }
    }
    return { text in
      guard let address = Address(text.string) else { return false }
      return ranges.contains { $0.contains(address) }
    }
  }

  func period() throws -> Period {
    try PeriodOptions.period(since: since, until: until, during: during, isLocal: local)
  }

  /// No name is empty, and none of ours has a `*` before its end: a condition that nothing can meet is a mistake. Those
  /// that others give may have one: `*.example.com` is a certificate's.
  private static func names(
    _ texts: [String], _ option: String, isOurs: Bool = true
  ) throws -> [NameFilter] {
    try texts.map { text in
      let name = ByteString(text)
      if name.isEmpty { throw ValidationError("\(option) is empty: write a name, or its beginning and *") }
      if isOurs, name.utf8.dropLast().contains(UInt8(ascii: "*")) {
        throw ValidationError("\(option) takes * at the end alone, as in team-b-*")
      }
      return NameFilter(name)
    }
  }

  private static func digests(_ texts: [String]) throws -> [NameFilter] {
    for text in texts where !ByteString(text).hasPrefix("hmac-sha256:") {
      throw ValidationError(
        "--token-digest takes what peergate audit digest prints: hmac-sha256:, a key's name and 64 digits")
    }
    return try names(texts, "--token-digest")
  }

  private static func check(_ values: [String], among words: [ByteString], _ option: String) throws {
    for value in values where !words.contains(ByteString(value)) {
      let list = words.dropLast().map(\.string).joined(separator: ", ")
      throw ValidationError("\(option) takes \(list) or \(words.last?.string ?? "")")
    }
  }
}
