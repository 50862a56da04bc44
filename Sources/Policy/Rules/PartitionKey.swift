// A partition as the rule tables look it up.
import Peering

struct PartitionKey: Sendable, Hashable {
  let bytes: [UInt8]
  let isDefault: Bool

  /// Shared, so that a decision about the default partition allocates nothing.
  static let standard = PartitionKey(bytes: Array("default".utf8), isDefault: true)

  init(bytes: [UInt8], isDefault: Bool) {
    self.bytes = bytes
    self.isDefault = isDefault
  }

  init(_ partition: Partition) {
    self = partition.isDefault ? .standard : PartitionKey(bytes: Array(partition.name.utf8), isDefault: false)
  }
}
