// Refusals that anybody can cause in any number: all counted, and as many recorded as a flood must not exceed.

internal import Audit
package import Policy
internal import Sockets

/// A refusal whose record may be left to a count. Whatever a token's holder was allowed or denied is none.
package struct RepeatedRefusal {
  package enum Kind: CaseIterable {
    /// No credential, and nothing that the anonymous subject may do.
    case noCredential
    /// A secret that no token has, or that does not count now.
    case unknownToken
    /// No request, or none that the gate serves.
    case malformed
    /// The client was too slow with its request, or left in the middle of it.
    case incomplete
    /// More than one subject, or all strangers together, may have at once.
    case tooMany
    /// OPTIONS, which is answered without asking who sent it, and gives as little as a refusal.
    case options
  }

  package enum Source: Hashable {
    /// Nil is a socket file's.
    case address(Address?)
    case subject(AccessorID)
  }

  package let kind: Kind
  package let source: Source

  package init(_ kind: Kind, _ source: Source) { (self.kind, self.source) = (kind, source) }

  package init(optionsFrom address: Address?) { self.init(.options, .address(address?.network)) }
}

/// Of one worker. A source has `RecordLimits.refusalRecordBurst` records at once and one in
/// `RecordLimits.refusalRecordInterval` later on, and all sources together `RecordLimits.allRefusalRecordBurst` and one in
/// `RecordLimits.allRefusalRecordInterval`: so that neither one address nor many fill the disk, or push what matters out
/// of the files that rotation keeps, and one that is loud hides itself alone.
package struct RepeatedRefusals {
  private var bySource: [RepeatedRefusal.Source: RecordAllowance] = [:]
  private var all = RecordAllowance(
    burst: RecordLimits.allRefusalRecordBurst, interval: RecordLimits.allRefusalRecordInterval, at: .now)
  private var counts: [RepeatedRefusal.Kind: Int] = [:]
  private var since: WallTime?

  /// Whether `refusal` gets a record. If not, it is counted.
  mutating func takesRecord(_ refusal: RepeatedRefusal, at now: Deadline) -> Bool {
    if isWithinShare(refusal.source, at: now), all.tryAcquire(at: now) { return true }
    if since == nil { since = .now() }
    counts[refusal.kind, default: 0] += 1
    return false
  }

  private mutating func isWithinShare(_ source: RepeatedRefusal.Source, at now: Deadline) -> Bool {
    if bySource[source] == nil {
      if bySource.count >= RecordLimits.refusalSources { forgetQuiet(at: now) }
      // More than that are loud at once: what is said of one more is up to `all`.
      guard bySource.count < RecordLimits.refusalSources else { return true }
    }
    return bySource[
      source,
      default: RecordAllowance(
        burst: RecordLimits.refusalRecordBurst, interval: RecordLimits.refusalRecordInterval, at: now)
    ].tryAcquire(at: now)
  }

  private mutating func forgetQuiet(at now: Deadline) {
    for source in bySource.keys where bySource[source]?.isFull(at: now) == true { bySource[source] = nil }
  }

  /// What was counted since the last time, or nil if nothing was.
  mutating func takeEvent() -> GateEvent? {
    guard let since else { return nil }
    var facts: [(name: StaticString, fact: GateEvent.Fact)] = [("since", .time(since))]
    for kind in RepeatedRefusal.Kind.allCases {
      if let count = counts[kind] { facts.append((kind.factName, .number(count))) }
    }
    self.since = nil
    counts = [:]
    return GateEvent(.refusalsThinned, facts: facts)
  }
}

extension RepeatedRefusal.Kind {
  fileprivate var factName: StaticString {
    switch self {
    case .noCredential: "no_credential"
    case .unknownToken: "unknown_token"
    case .malformed: "malformed"
    case .incomplete: "incomplete"
    case .tooMany: "too_many"
    case .options: "options"
    }
  }
}
