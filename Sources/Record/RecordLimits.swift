// Every size, count and time of this layer, with its unit.

internal import Sockets

package enum RecordLimits {
  /// `Retry-After` of a 503, in seconds: what is full or broken now may be free or mended then.
  package static let retryAfterSeconds: UInt64 = 1
  /// What is written of any text is no longer than this: a longer secret is told by so much of its beginning.
  package static let presentedSecretBytes = 512
  /// A secret of fewer bytes may be part of a word by chance.
  package static let wordSecretBytes = 8
  /// Lines of one field whose secrets are kept out of the record; more than one is refused anyway.
  package static let presentedSecrets = 8
  /// Words of Authorization that are kept out of the record beside the last of each line.
  package static let authorizationWords = 16
  /// Bytes in a row that are no word of a client's any more: a token of Consul's has 36, a key in hexadecimal 32.
  package static let longestRecordedWord = 32
  /// Bytes of a label of a host name (RFC 1035 2.3.4).
  package static let longestRecordedLabel = 63
  /// Failed handshakes that one worker records one by one before it only counts, and how soon it may record one more.
  package static let handshakeRecordBurst = 8
  package static let handshakeRecordInterval = Duration.seconds(1)
  /// Refusals of one stranger, or of one token that asks for too much, that one worker records one by one before it only
  /// counts, and how soon it may record one more; and the same for all of them together.
  package static let refusalRecordBurst = 8
  package static let refusalRecordInterval = Duration.seconds(1)
  package static let allRefusalRecordBurst = 32
  package static let allRefusalRecordInterval = Duration.milliseconds(250)
  /// Strangers told apart for that.
  package static let refusalSources = 256
  /// Of an error text of Consul's, what is looked through for pieces of tokens before a part of it is recorded.
  package static let inspectedReasonBytes = 4_096
  /// What stands for the part of a text that is cut off takes no more than this: a digest with its name, and a number.
  package static let cutMarkBytes = 120
  /// Answers withheld that are told by name, in all and in one line.
  package static let withheldIDs = 4_096
  package static let withheldIDsPerEvent = 64
  /// How soon a sink that fails again has lines about it again in the other sinks.
  package static let sinkEventInterval = Duration.seconds(1)
  /// Events of sinks that are kept until the journal is open.
  package static let earlyJournalEvents = 16
}
