// The seven states of a peering, in the spelling of the HTTP API.

package enum PeeringState: String, Sendable, Hashable, CaseIterable {
  case undefined = "UNDEFINED"
  case pending = "PENDING"
  case establishing = "ESTABLISHING"
  /// Never stored: shown while the stream is connected, whatever is stored.
  case active = "ACTIVE"
  /// Never stored: shown when the stream ended with an error.
  case failing = "FAILING"
  case deleting = "DELETING"
  case terminated = "TERMINATED"
}
