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
  package var ids: [NameFilter] = []
  package var gates: [NameFilter] = []
  /// Whether the address of the client's end, without its port, is asked for.
  package var isFromSource: (@Sendable (ByteString) -> Bool)?
  package var period = Period()

  package init() {}

  package enum Answer: Sendable, Hashable, CaseIterable {
    case matches, differs
    /// Conditions about requests were given, and no request caused the line.
    case noRequest
    /// A period was given, and the line's time cannot be read.
    case noTime
  }

  /// `gate` is what the log said of its gate before this line, if anything.
  package func answer(_ entry: RecordedEntry, gate: ByteString? = nil) -> Answer {
    if !Self.holds(eventTypes, [entry.eventType]) || !Self.holds(ids, [entry.id] + entry.otherIDs) {
      return .differs
    }
    if !gates.isEmpty, !Self.holds(gates, [gate] + GateNames(entry).all) { return .differs }
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
  }

  private var asksForRequests: Bool { asksForMoreThanSource || isFromSource != nil }

  private var asksForMoreThanSource: Bool {
    !(subjects.isEmpty && certificates.isEmpty && peers.isEmpty && partitions.isEmpty && operations.isEmpty
      && outcomes.isEmpty && statuses.isEmpty && stages.isEmpty && tokenDigests.isEmpty)
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

/// The names of a gate that a line states: an `audit-open` and a `gate-start` say it for the lines behind them.
package struct GateNames: Sendable {
  package let all: [ByteString]

  package init(_ entry: RecordedEntry) {
    let own = [entry.fact("gate"), entry.fact("name")].compactMap { $0 }
    all = entry.eventType == "gate-start" ? own + [entry.fact("address")].compactMap { $0 } : own
  }
}
