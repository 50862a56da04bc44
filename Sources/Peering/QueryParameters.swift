// The query of a request, checked and reduced to what it means.

import HTTP

/// How fresh an answer must be. The two extremes exclude each other.
package enum Consistency: Sendable, Hashable {
  case standard, consistent, stale
}

/// What the query says. Written upstream from here, in one fixed order and spelling, never from the
/// client's bytes.
package struct QueryParameters: Sendable, Hashable {
  /// The index of the last answer seen, never zero; nil if the query does not block.
  package private(set) var index: UInt64?
  /// How long to wait for a change: positive, at most ten minutes; nil for Consul's default.
  package private(set) var wait: Duration?
  package private(set) var consistency = Consistency.standard
  package private(set) var isCached = false
  package private(set) var isPretty = false

  package init() {}

  /// How long Consul may take to answer a read: see `PeeringRequest.blockingTime`.
  var blockingTime: Duration? {
    guard index != nil else { return nil }
    let wait = min(self.wait ?? PeeringLimits.defaultWait, PeeringLimits.longestWait)
    return wait + wait / PeeringLimits.waitJitterDivisor
  }

  /// Reads what follows the `?`; a partition is handed to `partitions`.
  ///
  /// Each key at most once, `&` between them, no escapes in the keys and values that are understood: Consul
  /// takes the first of several values, others the last, and none of them reads `;` alike.
  static func parse(
    _ query: ArraySlice<UInt8>?, partitions: inout PartitionStatements
  ) throws(Refusal) -> QueryParameters {
    var parameters = QueryParameters()
    guard let query, !query.isEmpty else { return parameters }
    let bytes = query.span
    var seen: UInt32 = 0
    var start = 0
    while start <= bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
        if bytes[end] == UInt8(ascii: ";") { throw .semicolonInQuery }
        end += 1
      }
      let (key, value) = try parameter(bytes.extracting(start..<end))
      let bit: UInt32 = 1 << UInt32(key.rawValue)
      if seen & bit != 0, !key.mayRepeat { throw .repeatedParameter(key.spelling.description) }
      seen |= bit
      try parameters.take(key, bytes.extracting(start..<end).extracting(value), &partitions)
      start = end + 1
    }
    try parameters.checkConsistency(seen)
    return parameters
  }

  private static func parameter(_ bytes: Span<UInt8>) throws(Refusal) -> (QueryKey, value: Range<Int>) {
    if bytes.isEmpty { throw .emptyParameter }
    var keyEnd = 0
    while keyEnd < bytes.count, bytes[keyEnd] != UInt8(ascii: "=") { keyEnd += 1 }
    let name = bytes.extracting(0..<keyEnd)
    guard let key = QueryKey(name) else {
      throw .unknownParameter(
        QuotedInput(name, as: keyEnd <= PeeringLimits.quotedKeyBytes ? .quoted : .length))
    }
    return (key, min(keyEnd + 1, bytes.count)..<bytes.count)
  }

  private mutating func take(
    _ key: QueryKey, _ value: Span<UInt8>, _ partitions: inout PartitionStatements
  ) throws(Refusal) {
    switch key {
    case .partition: try partitions.add(value, in: .query)
    case .index: index = try Self.index(value)
    case .wait: wait = try Self.wait(value)
    case .consistent, .stale, .cached, .pretty:
      // Consul counts a flag by its presence: `stale=false` is true there, which nobody means.
      guard value.isEmpty || value.equals("true") else { throw .flagWithValue(key.spelling.description) }
      if key == .cached { isCached = true }
      if key == .pretty { isPretty = true }
    case .token: throw .tokenInQuery
    case .dc, .ns, .filter, .near, .hash, .maxStale, .nodeMeta, .peer, .samenessGroup, .mergeCentralConfig,
      .global, .relayFactor, .localOnly, .connect:
      break
    }
  }

  private mutating func checkConsistency(_ seen: UInt32) throws(Refusal) {
    let isConsistent = seen & (1 << UInt32(QueryKey.consistent.rawValue)) != 0
    let isStale = seen & (1 << UInt32(QueryKey.stale.rawValue)) != 0
    if isConsistent && isStale { throw .staleWithConsistent }
    if isConsistent && isCached { throw .cachedWithConsistent }
    consistency = isConsistent ? .consistent : isStale ? .stale : .standard
  }

  /// Digits of an unsigned 64-bit number. Zero and nothing at all mean "do not block".
  private static func index(_ value: Span<UInt8>) throws(Refusal) -> UInt64? {
    var index: UInt64 = 0
    for position in value.indices {
      let digit = value[position] &- UInt8(ascii: "0")
      let (product, overflowed) = index.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
      guard digit < 10, !overflowed, !carried else { throw .invalidIndex }
      index = sum
    }
    return index == 0 ? nil : index
  }

  /// Zero, a negative time and nothing at all mean Consul's default.
  private static func wait(_ value: Span<UInt8>) throws(Refusal) -> Duration? {
    if value.isEmpty { return nil }
    // Consul reads an unescaped plus sign as a blank, which no duration may hold.
    guard value[0] != UInt8(ascii: "+"), let nanoseconds = GoDuration.nanoseconds(value) else {
      throw .invalidWait
    }
    return nanoseconds > 0 ? min(.nanoseconds(nanoseconds), PeeringLimits.longestWait) : nil
  }
}

extension QueryParameters {
  /// Appends what Consul is asked: in this order, in this spelling.
  ///
  /// `default` is never named: Consul's community edition refuses the parameter even then.
  func append(to target: inout RequestTarget, partition: Partition, operation: Operation) {
    if !partition.isDefault {
      target.append(query: "partition", value: partition.name.utf8.span)
    }
    // Changes do not wait and are always consistent; clients configured with a wait send it with them all
    // the same.
    if !operation.isChange {
      if let index {
        target.append(query: "index", value: index)
        if let wait { target.append(query: "wait", value: Self.milliseconds(wait).span) }
      }
      switch consistency {
      case .standard: break
      case .consistent: target.append(flag: "consistent")
      case .stale: target.append(flag: "stale")
      }
      if isCached { target.append(flag: "cached") }
    }
    if isPretty { target.append(flag: "pretty") }
  }

  /// Rounded up, for a wait that became zero would be taken for five minutes.
  private static func milliseconds(_ wait: Duration) -> [UInt8] {
    let (seconds, attoseconds) = wait.components
    let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Array("\(milliseconds)ms".utf8)
  }
}
