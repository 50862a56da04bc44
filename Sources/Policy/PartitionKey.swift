// A partition as the rule tables look it up.
import Peering

struct PartitionKey: Sendable, Hashable {
  let bytes: [UInt8]
  let isDefault: Bool

  /// Shared, so that a decision about the default partition allocates nothing.
  static let standard = PartitionKey(bytes: Array("default".utf8), isDefault: true)

  private init(bytes: [UInt8], isDefault: Bool) {
    self.bytes = bytes
    self.isDefault = isDefault
  }

  init(_ partition: Partition) {
    self = partition.isDefault ? .standard : PartitionKey(bytes: Array(partition.name.utf8), isDefault: false)
  }

  /// An empty name is the default partition's, as everywhere in Consul.
  init(_ name: Span<UInt8>) {
    let standard = Self.standard
    if name.isEmpty {
      self = standard
    } else if name.isEqual(to: standard.bytes.span) {
      self = standard
    } else {
      self = PartitionKey(bytes: name.indices.map { name[$0] }, isDefault: false)
    }
  }
}

extension Span<UInt8> {
  func isEqual(to other: Span<UInt8>) -> Bool { count == other.count && begins(with: other) }
}
