// Every size and count of this layer.

package enum SocketLimits {
  /// Descriptors of a process that cannot ask for its limit: the kernel's default.
  static let assumedOpenFiles = 1_024
  /// The smallest block of memory a queue takes: a request head and a TLS record of one fit. A power of two.
  package static let smallestBlockBytes = 4_096
  /// Larger blocks are not kept for reuse. A power of two.
  package static let largestPooledBlockBytes = 1_048_576
  /// What a loop keeps of each size of block.
  package static let pooledBytesPerSize = 1_048_576
  /// What one read asks of the kernel: a full TLS record with its header, and then some.
  package static let readBytes = 17_408
  /// Blocks of memory up to so many bytes are cut from the heap; larger ones are mapped for themselves.
  package static let heapBlockBytes: Int32 = 16 << 20
  /// Free bytes that the heap keeps at its end.
  package static let heapKeptBytes: Int32 = 32 << 20
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
