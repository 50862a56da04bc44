// Which elements of a list the caller may see.
package import Peering

/// Asked once for each element of a reply, so an answer allocates nothing, and what depends on the partition alone is
/// looked up once.
package struct ListScope: Sendable {
  private let subject: Subject
  private let partition: Partition
  private let layers: [Layer]

  /// One policy's rules for the names of `partition`, and how specific they are about it.
  private struct Layer {
    let policy: Int
    let rank: Int
    let index: Int32
    let table: NameTable

    @inline(__always)
    func match(_ name: Span<UInt8>) -> Match? { table.match(name, rank: rank, table: index) }
  }

  init(subject: Subject, partition: Partition) {
    self.subject = subject
    self.partition = partition
    let key = PartitionKey(partition)
    var layers: [Layer] = []
    for (policy, table) in subject.tables.enumerated() {
      table.forEachTable(of: key) { rank, index, names in
        layers.append(Layer(policy: policy, rank: rank, index: index, table: names))
        return true
      }
    }
    self.layers = layers
  }

  /// Whether the peering of this name, a `PeerName` in place, may be shown. An element that names no partition (nil) is
  /// in the one that was asked for.
  package func allowsReading(_ peer: Span<UInt8>, in partition: Partition?) -> Bool {
    if let partition, partition != self.partition {
      return (subject.rule(for: peer, in: PartitionKey(partition))?.level ?? .deny) >= .read
    }
    return (level(for: peer) ?? .deny) >= .read
  }

  package func allowsReading(_ peer: PeerName, in partition: Partition?) -> Bool {
    peer.withBytes { allowsReading($0, in: partition) }
  }

  /// What `Subject.rule` would grant: of each policy the first layer that has a rule counts.
  private func level(for name: Span<UInt8>) -> Level? {
    var best: Match?
    var policy = -1
    let layers = layers.span
    for place in layers.indices where layers[place].policy != policy {
      guard let match = layers[place].match(name) else { continue }
      policy = layers[place].policy
      if let best, !match.prevails(over: best) { continue }
      best = match
    }
    return best?.level
  }
}
