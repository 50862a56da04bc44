// An admin partition: the part of a datacenter that a peering belongs to.

import HTTP

/// A DNS label in lower case. Consul's community edition has one partition, `default`.
package struct Partition: Sendable, Hashable {
  package let name: String

  private init(unchecked name: String) { self.name = name }

  package static let `default` = Partition(unchecked: "default")

  /// nil if `bytes` are no name of a partition. `*`, which some Consul endpoints take for all of them, is
  /// none.
  package init?(_ bytes: Span<UInt8>) {
    guard LabelGrammar.isLabel(bytes) else { return nil }
    if bytes.equals("default") {
      self = .default
    } else {
      var copy: [UInt8] = []
      copy.append(bytes)
      name = String(decoding: copy, as: UTF8.self)
    }
  }

  package init?(_ text: String) { self.init(Array(text.utf8).span) }

  package var isDefault: Bool { self == .default }
}

extension Partition: CustomStringConvertible {
  package var description: String { name }
}

/// The places that can say a partition, and what they said.
struct PartitionStatements: Sendable {
  private var statement: (partition: Partition, place: PartitionPlace)?

  /// An empty value says nothing, in every place.
  mutating func add(_ value: Span<UInt8>, in place: PartitionPlace) throws(Refusal) {
    guard !value.isEmpty else { return }
    guard let partition = Partition(value) else { throw .invalidPartition(place) }
    // Consul lets one place win over another, which differs between its endpoints: then anyone who judges by one
    // place and anyone who acts by the other mean different peerings.
    if let statement, statement.partition != partition {
      throw .partitionsDisagree(statement.place, place)
    }
    statement = (partition, place)
  }

  /// nil as long as no place has said one.
  var stated: Partition? { statement?.partition }

  var agreed: Partition { stated ?? .default }
}

package enum PartitionPlace: Sendable, Hashable {
  case field, query, body

  var description: String {
    switch self {
    case .field: "X-Consul-Partition"
    case .query: "the query parameter partition"
    case .body: "Partition in the body"
    }
  }
}
