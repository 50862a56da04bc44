// Who was allowed and denied what, as a record tells it.
import Bytes
import Peering

/// How often, and when first and last.
struct Occurrences: Sendable {
  private(set) var count = 0
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?

  mutating func add(_ instant: Timestamp?) {
    count += 1
    guard let instant else { return }
    first = min(first ?? instant, instant)
    last = max(last ?? instant, instant)
  }

  mutating func add(_ other: Occurrences) {
    count += other.count
    first = [first, other.first].compactMap { $0 }.min()
    last = [last, other.last].compactMap { $0 }.max()
  }

  /// ` from … to …`, or nothing when no time is known.
  var period: String {
    guard let first, let last else { return "" }
    return first == last ? ", \(first.text)" : ", \(first.text) to \(last.text)"
  }
}

/// One token and one name.
struct NameUse: Sendable {
  var reads = Occurrences()
  var writes = Occurrences()
  var deniedReads = 0
  var deniedWrites = 0

  /// The highest level that was allowed; write grants reading.
  var level: Level { writes.count > 0 ? .write : reads.count > 0 ? .read : .deny }
  var denials: Int { deniedReads + deniedWrites }
}

/// One token and the lists of one partition.
struct ListUse: Sendable {
  var answered = Occurrences()
  var mostKept = 0
  var hidAny = false
}

struct ObservedCaller: Sendable {
  let accessorID: AccessorID
  /// As the record calls it first.
  let name: ByteString
  var names: [Partition: [PeerName: NameUse]] = [:]
  var lists: [Partition: ListUse] = [:]
}

/// The table that suggestions are made from.
package struct ObservedUse: Sendable {
  private(set) var callers: [AccessorID: ObservedCaller] = [:]
  private(set) var period = Occurrences()
  /// Decisions about secrets that were no token's.
  package private(set) var unknownTokenCount = 0
  /// Decisions about further names than are held: then the suggestion is too small.
  package private(set) var tooManyCount = 0
  package private(set) var decisions = AuditedDecisions()
  private var held = 0

  private let nameLimit: Int

  package init(nameLimit: Int = PolicyLimits.observedNames) { self.nameLimit = nameLimit }

  package var decisionCount: Int { period.count }

  package mutating func read(_ line: Span<UInt8>, length: Int? = nil) {
    if let (request, _) = decisions.read(line, length: length) { add(request) }
  }

  /// To be called after the last line.
  package mutating func finish() {
    for (request, _) in decisions.finish() { add(request) }
  }

  private mutating func add(_ request: AuditedRequest) {
    guard let accessorID = request.accessorID else {
      unknownTokenCount += 1
      return
    }
    let partition = request.question.partition
    if callers[accessorID] == nil {
      callers[accessorID] = ObservedCaller(accessorID: accessorID, name: request.tokenName)
    }
    period.add(request.instant)
    guard let peer = request.question.peer else {
      if request.isAllowed { callers[accessorID]?.lists[partition, default: ListUse()].add(request) }
      return
    }
    if callers[accessorID]?.names[partition]?[peer] == nil {
      guard held < nameLimit else {
        tooManyCount += 1
        return
      }
      held += 1
    }
    callers[accessorID]?.names[partition, default: [:]][peer, default: NameUse()].add(request)
  }
}

extension ListUse {
  mutating func add(_ request: AuditedRequest) {
    answered.add(request.instant)
    mostKept = max(mostKept, request.kept ?? 0)
    // A list that failed says nothing of what it would have hidden.
    if request.removed.map({ $0 > 0 }) ?? false { hidAny = true }
  }
}

extension NameUse {
  mutating func add(_ request: AuditedRequest) {
    switch (request.question.operation.access, request.isAllowed) {
    case (.read, true): reads.add(request.instant)
    case (.write, true): writes.add(request.instant)
    case (.read, false): deniedReads += 1
    case (.write, false): deniedWrites += 1
    }
  }
}
