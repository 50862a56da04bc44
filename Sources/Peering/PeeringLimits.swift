// Every size and time that this module refuses to go beyond.

package enum PeeringLimits {
  /// Bytes of a peer name and of a partition name (Consul's rule).
  package static let nameBytes = 63
  /// Bytes of a credential. Consul's own tokens have 36; an operator's initial token may be longer.
  package static let credentialBytes = 512
  /// JSON values in one body: 64 pairs of Meta, which is Consul's limit, and as many addresses as anybody
  /// has.
  package static let bodyValues = 4096
  /// Bytes of a key of `Meta`. Consul itself takes 128 (`metaKeyMaxLength`) and 512 of a value; a longer one is refused
  /// before it costs anything.
  static let bodyKeyBytes = 128
  /// Depth of a body: the documented schema has an object in an object.
  package static let bodyDepth = 4
  /// An error's text that is shown: the longest that Consul sends to a read or list has 147.
  package static let sentenceBytes = 256
  /// A peering token whose contents are recorded: Consul's own have some kilobytes.
  static let tokenBytes = 256 * 1024
  /// Depth of what is in it: `Locality` in `Remote` in the object.
  static let tokenDepth = 4
  /// Addresses and certificates of it that are recorded one by one.
  static let tokenAddresses = 16
  static let tokenAuthorities = 4
  /// Bytes of an error of Consul's, and of its reply to a change: a sentence, or a peering token.
  package static let shortReplyBytes = 1 << 20
  /// Bytes of a reply to a read that is looked through in one go.
  package static let plainReplyBytes = 64 * 1024
  /// Bytes of a `null` in place of an empty list, with the space around it.
  static let nullListBytes = 64
  /// Bytes of a filtered list that are put together in one go, and one peering more.
  static let copiedBytesPerTurn = 4 << 20
  /// A blocking query that says no time waits so long (Consul's `default_query_time`).
  package static let defaultWait = Duration.seconds(300)
  /// No blocking query waits longer (Consul's `max_query_time`); a longer `wait` is cut to it, as Consul
  /// does.
  package static let longestWait = Duration.seconds(600)
  /// Consul adds a random part of up to wait/16 so that clients do not all come back at once.
  package static let waitJitterDivisor = 16
  /// A query key longer than this is not repeated in a text: it may be a secret put in the wrong place.
  static let quotedKeyBytes = 24
}
