// Every size and count of this storey.

package enum SocketLimits {
  /// The first memory a queue takes: a request head and a TLS record of one fit.
  package static let smallestQueueBytes = 4_096
  /// What one read asks of the kernel: a full TLS record with its header, and then some.
  package static let readBytes = 17_408
  /// Connections the kernel holds for us before they are accepted.
  package static let listenBacklog: Int32 = 1_024
  /// Events taken from the kernel in one wait.
  package static let eventsPerWait: Int32 = 256
  /// The longest path of a unix socket, without its closing zero (`sun_path` holds 108 bytes).
  package static let unixPathBytes = 107
}
