// Which elements of a list the caller may see.
package import Peering

/// Asked once for each element of a reply, so an answer allocates nothing.
package struct ListScope: Sendable {
  private let subject: Subject
  private let key: PartitionKey

  init(subject: Subject, partition: Partition) {
    self.subject = subject
    key = PartitionKey(partition)
  }

  /// Whether the peering may be shown. An element that names no partition (nil) is in the one that was asked for.
  package func allowsReading(_ peer: PeerName, in partition: Partition?) -> Bool {
    let key = partition.map(PartitionKey.init) ?? key
    let rule = peer.withBytes { subject.rule(for: $0, in: key) }
    return (rule?.level ?? .deny) >= .read
  }
}
