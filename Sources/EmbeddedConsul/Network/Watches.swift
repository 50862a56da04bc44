// Blocking queries by what would wake them.

import Bytes

/// A read waits for one name, a list for a partition: a change looks up exactly those, however many others
/// wait.
struct Watches: Sendable {
  private var byKey: [PeeringKey: Set<WaitID>] = [:]
  private var byPartition: [ByteString: Set<WaitID>] = [:]

  mutating func insert(_ id: WaitID, for query: WaitingQuery) {
    switch query {
    case .read(let read): byKey[read.key, default: []].insert(id)
    case .list(let list): byPartition[list.partition, default: []].insert(id)
    case .establish: break
    }
  }

  mutating func remove(_ id: WaitID, for query: WaitingQuery) {
    switch query {
    case .read(let read):
      byKey[read.key]?.remove(id)
      if byKey[read.key]?.isEmpty == true { byKey[read.key] = nil }
    case .list(let list):
      byPartition[list.partition]?.remove(id)
      if byPartition[list.partition]?.isEmpty == true { byPartition[list.partition] = nil }
    case .establish: break
    }
  }

  /// In the order in which the queries came, so that a run can be repeated.
  func awaiting(_ touched: Set<PeeringKey>) -> [WaitID] {
    var awaiting: Set<WaitID> = []
    for key in touched {
      awaiting.formUnion(byKey[key] ?? [])
      awaiting.formUnion(byPartition[key.partition] ?? [])
      awaiting.formUnion(byPartition[Partition.wildcard] ?? [])
    }
    return awaiting.sorted()
  }
}

/// Names one waiting query for the server that holds its connection. Never used twice.
package struct WaitID: Sendable, Hashable, Comparable {
  let number: UInt64

  package static func < (left: WaitID, right: WaitID) -> Bool { left.number < right.number }
}

/// What a reply is still due to.
enum WaitingQuery: Sendable {
  case read(ReadQuery)
  case list(ListQuery)
  /// Not a blocking query: the exchange with a peer that does not answer yet.
  case establish(EstablishAttempt)
}

struct ReadQuery: Sendable {
  let key: PeeringKey
  /// For the text of a 404.
  let typedName: ByteString
  var minimumIndex: UInt64
  var wasMissing = false
  let isPretty: Bool
}

struct ListQuery: Sendable, Hashable {
  let partition: ByteString
  let minimumIndex: UInt64
  let isPretty: Bool
}

struct EstablishAttempt: Sendable {
  let peeringID: ByteString
  let draft: EstablishDraft
  let isPretty: Bool
  let deadline: Timestamp
  var failures: [ExchangeFailure] = []
}

struct ExchangeFailure: Sendable {
  let address: ByteString
  let cause: String
}
