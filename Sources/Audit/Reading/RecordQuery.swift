// Which lines of a log are asked for.
package import Bytes

/// Every condition that is given must hold; of several values of one condition, one.
package struct RecordQuery: Sendable {
  /// Name or accessor ID of a token.
  package var subjects: [NameFilter] = []
  package var certificates: [NameFilter] = []
  package var peers: [NameFilter] = []
  package var partitions: [NameFilter] = []
  package var operations: [NameFilter] = []
  package var outcomes: [NameFilter] = []
  package var statuses: [StatusFilter] = []
  package var stages: [NameFilter] = []
  package var eventTypes: [NameFilter] = []
  package var tokenDigests: [NameFilter] = []
  /// The gate's own, which no client can choose.
  package var ids: [NameFilter] = []
  /// The client's.
  package var requestIDs: [NameFilter] = []
  package var gates: [NameFilter] = []
  package var upstreams: [NameFilter] = []
  /// Whether the address of the client's end, without its port, is asked for.
  package var isFromSource: (@Sendable (ByteString) -> Bool)?
  package var period = Period()

  package init() {}

  package enum Match: Sendable, Hashable, CaseIterable {
    case matches, differs
    /// Conditions about requests were given, and no request caused the line.
    case noRequest
    /// A period was given, and the line's time cannot be read.
    case noTime
  }

  /// `gate` has read the lines before this one, and this one.
  package func match(_ entry: RecordedEntry, gate: GateNames = GateNames()) -> Match {
    if !Self.holds(eventTypes, [entry.eventType]) || !Self.holds(ids, [entry.id] + entry.otherIDs)
      || !Self.holds(requestIDs, entry.clientIDs)
    {
      return .differs
    }
    if !gates.isEmpty, !Self.holds(gates, gate.all(of: entry)) { return .differs }
    if period != Period() {
      guard let time = WallTime(rfc3339: entry.createdAt.utf8) else { return .noTime }
      if !period.contains(time) { return .differs }
    }
    if asksForRequests, entry.eventType != "audit" {
      // A failed handshake has an address and no request.
      guard let isFromSource, !asksForMoreThanSource, let address = entry.sourceAddress else {
        return .noRequest
      }
      return isFromSource(address) ? .matches : .differs
    }
    return requestMatches(entry) ? .matches : .differs
  }

  /// Whether a client gave its request an id that is asked for as the gate's own.
  package func isAskedForByClientsID(_ entry: RecordedEntry) -> Bool {
    !ids.isEmpty && Self.holds(ids, entry.clientIDs)
  }

  private func requestMatches(_ entry: RecordedEntry) -> Bool {
    if let isFromSource {
      guard let address = entry.sourceAddress, isFromSource(address) else { return false }
    }
    if !statuses.isEmpty, !statuses.contains(where: { $0.matches(entry.status) }) { return false }
    return Self.holds(subjects, [entry.subject, entry.accessorID])
      && Self.holds(certificates, entry.certificateNames) && Self.holds(peers, [entry.peer])
      && Self.holds(partitions, [entry.partition])
      && Self.holds(operations, [entry.operation]) && Self.holds(outcomes, [entry.outcome])
      && Self.holds(stages, [entry.stage]) && Self.holds(tokenDigests, [entry.tokenDigest])
      && Self.holds(upstreams, [entry.upstream])
  }

  private var asksForRequests: Bool { asksForMoreThanSource || isFromSource != nil }

  private var asksForMoreThanSource: Bool {
    !(subjects.isEmpty && certificates.isEmpty && peers.isEmpty && partitions.isEmpty && operations.isEmpty
      && outcomes.isEmpty && statuses.isEmpty && stages.isEmpty && tokenDigests.isEmpty && upstreams.isEmpty)
  }

  private static func holds(_ filters: [NameFilter], _ values: [ByteString?]) -> Bool {
    filters.isEmpty || filters.contains { filter in values.contains { filter.matches($0) } }
  }
}

extension RecordedEntry {
  /// Address and port without the port and the brackets of IPv6.
  package var sourceAddress: ByteString? {
    guard let remoteAddress, let colon = remoteAddress.utf8.lastIndex(of: UInt8(ascii: ":")) else {
      return remoteAddress
    }
    let host = remoteAddress.string.utf8[..<colon].drop { $0 == UInt8(ascii: "[") }
    return ByteString(Substring(host.prefix { $0 != UInt8(ascii: "]") }))
  }
}

/// Which gate wrote the lines: an `audit-open` and a `gate-start` say it for those behind them, and a line may say it
/// of itself.
package struct GateNames: Sendable {
  private var name: ByteString?
  private var address: ByteString?

  package init() {}

  package mutating func read(_ entry: RecordedEntry) {
    guard entry.eventType == "audit-open" || entry.eventType == "gate-start" else { return }
    name = entry.fact("gate") ?? entry.fact("name") ?? name
    address = entry.fact("address") ?? address
  }

  package func of(_ entry: RecordedEntry) -> ByteString? { entry.fact("gate") ?? name ?? address }

  func all(of entry: RecordedEntry) -> [ByteString?] { [entry.fact("gate") ?? name, address] }
}
