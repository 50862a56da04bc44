// Which elements of a list the caller may see.

/// Asked once for each element of a reply, so an answer allocates nothing.
package struct ListScope: Sendable {
  private let subject: Subject
  private let partition: PartitionKey

  init(subject: Subject, partition: PartitionKey) {
    self.subject = subject
    self.partition = partition
  }

  /// For an element that names no partition: it is in the one that was asked for.
  package func allowsReading(_ name: Span<UInt8>) -> Bool {
    (subject.rule(for: name, in: partition)?.level ?? .deny) >= .read
  }

  /// For an element that names its partition; an empty one is `default`.
  package func allowsReading(_ name: Span<UInt8>, in elementPartition: Span<UInt8>) -> Bool {
    if elementPartition.isEqual(to: partition.bytes.span) { return allowsReading(name) }
    return (subject.rule(for: name, in: PartitionKey(elementPartition))?.level ?? .deny) >= .read
  }
}
