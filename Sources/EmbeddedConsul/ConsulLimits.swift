// Every size, count and time of the embedded Consul, with the values of Consul 1.21.

package enum ConsulLimits {
  package static let peerNameBytes = 63
  package static let metaPairs = 64
  package static let metaKeyBytes = 128
  package static let metaValueBytes = 512
  /// How deep Go's JSON decoder lets arrays and objects nest.
  package static let jsonDepth = 10_000
  /// `default_query_time` and `max_query_time`.
  package static let defaultWaitSeconds = 300
  package static let maximumWaitSeconds = 600
  /// A blocking query waits up to this fraction longer, so that clients do not come back all at once.
  package static let waitJitterDivisor = 16
  /// An establish tries to reach the peer for so long before it answers 503.
  package static let exchangeDeadlineSeconds = 3
  package static let exchangeRetryMilliseconds = 150
  package static let exchangeRetryJitter = 0.25
  package static let heartbeatIntervalSeconds = 15
  package static let heartbeatTimeoutSeconds = 120
  /// A dialer that failed n times waits 2^n seconds, at most this.
  package static let redialMaximumSeconds = 64
  /// Where Consul's log stood when a fresh server took its first peering in the recordings.
  package static let firstFreeIndex: UInt64 = 17
}
