// Every size and count of this storey.

package enum SocketLimits {
  /// The first memory a queue takes: a request head and a TLS record of one fit.
  package static let smallestQueueBytes = 4_096
  /// What one read asks of the kernel: a full TLS record with its header, and then some.
  package static let readBytes = 17_408
  /// Memory that an emptied queue keeps for what comes next; beyond it, a connection that once carried much would hold
  /// it until it is idle.
  package static let keptQueueBytes = 262_144
  /// Connections the kernel holds for us before they are accepted.
  package static let listenBacklog: Int32 = 1_024
  /// Events taken from the kernel in one wait.
  package static let eventsPerWait: Int32 = 256
  /// Heap entries a slot may have on average before the heap is searched for those of closed connections.
  package static let timersPerSlot = 4
  /// … and the count below which that is not worth the search.
  package static let timersBeforeCompaction = 1_024
  /// Enough for any of our threads; the default of 8 MiB would count against small containers.
  package static let threadStackBytes = 1_048_576
  /// The longest path of a unix socket, without its closing zero (`sun_path` holds 108 bytes).
  package static let unixPathBytes = 107
}
