// Which elements of a list the caller may see.
package import Peering

/// Asked once for each element of a reply, so an answer allocates nothing, and what depends on the partition alone is
/// looked up once. A class whose properties do not change, because its first table can then be asked without being
/// retained: that alone took a twentieth of a list's time.
package final class ListScope: Sendable {
  private let subject: Subject
  private let partition: Partition
  /// Mostly the only one. The others are in an array, where each is retained for each question.
  private let first: Layer
  private let others: [Layer]

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
    first = layers.first ?? Layer(policy: 0, rank: 0, index: 0, table: NameTable([]))
    others = Array(layers.dropFirst())
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
    var best = first.match(name)
    if others.isEmpty { return best?.level }
    var policy = best == nil ? -1 : first.policy
    for layer in others where layer.policy != policy {
      guard let match = layer.match(name) else { continue }
      policy = layer.policy
      if let best, !match.prevails(over: best) { continue }
      best = match
    }
    return best?.level
  }
}
