// Every size, count and time of this layer.
package import JSON

package enum AuditLimits {
  /// What a client may fill one field of a line with; the rest is cut off and counted in the line.
  package static let clientTextBytes = 256
  /// What a path may fill: longer than any of the five operations' paths, short enough under a flood.
  package static let endpointBytes = 512
  /// The name of a gate.
  package static let gateNameBytes = 64
  /// What one text of a peering token may fill.
  static let peeringTokenTextBytes = 256
  /// Addresses and digests of certificates that are written of a peering token.
  static let peeringTokenAddresses = 16
  static let peeringTokenAuthorities = 4
  /// What one refusal's reason may fill.
  package static let reasonBytes = 512
  /// Extra request headers one entry may carry.
  package static let headersPerEntry = 16
  /// Subject alternative names of a client certificate that one entry carries.
  package static let certificateNamesPerEntry = 8

  /// Lines that may wait for the disk, those being written included: about a second of a busy gate.
  package static let waitingLines = 65_536
  /// Bytes that may wait for the disk. Beyond either the journal refuses at once rather than grow.
  package static let waitingBytes = 64 << 20
  /// Bytes handed to the kernel in one write, so that one slow write does not hold back every completion.
  package static let bytesPerWrite = 1 << 20

  /// Bytes for which blocks are set aside behind a file's end. A write that finds them there takes a fifth less time,
  /// and does not get in the way of the kernel's own writing to the disk. More at once would gain nothing.
  package static let bytesAhead = 1 << 20
  /// Bytes that must be free for that: a disk must not fill up by what nobody has written.
  package static let bytesFree = 64 << 20

  /// What names, punctuation, numbers, timestamps and cut-off marks take of a line at the most.
  package static let namesBytes = 2_048
  /// What name, punctuation and cut-off mark of one member take at the most.
  package static let memberBytes = 80
  /// Room made for a line before it is encoded, so that its bytes are moved once at the most.
  package static let usualLineBytes = 1_024
  /// What `seq`, `previous` and the newline add to a line at the most.
  package static let lineEndBytes = 107

  /// What `previous` and the newline take of it: the part of a line that its digest does not cover.
  package static let linkBytes = 80

  /// Lines after which a signature follows: no more go without one.
  package static let linesPerCheckpoint = 1_024
  /// How long a line may stay without a signature over it, in milliseconds.
  package static let checkpointMilliseconds: Int64 = 10_000
  /// How long a connection may take to come about, in milliseconds.
  package static let connectMilliseconds: Int32 = 2_000
  /// How long a sink that refused a connection is left alone, in milliseconds.
  package static let reconnectMilliseconds: Int64 = 250
  /// How long the other end of a connection may take to accept one write, in milliseconds.
  package static let sendMilliseconds: Int64 = 5_000

  /// How often an anchor is written where nobody says, in seconds.
  package static let anchorSeconds: Int64 = 3_600
  /// How often an anchor may be written, in seconds.
  package static let anchorIntervals: ClosedRange<Int64> = 1...366 * 86_400
  /// How long an anchor that could not be written waits until it is tried again, in milliseconds.
  package static let anchorAgainMilliseconds: Int64 = 10_000
  /// How long the end of a run waits for its last anchor, in milliseconds.
  package static let lastAnchorMilliseconds: Int64 = 1_000

  /// How long a rotation that failed is left alone, in milliseconds.
  package static let rotateAgainMilliseconds: Int64 = 60_000

  /// What the clock of the machine may go back before it is an event, in microseconds.
  static let clockStepMicroseconds: Int64 = 1_000_000

  /// How long a write may take before the journal calls itself stalled, in milliseconds.
  package static let stalledAfterMilliseconds: Int64 = 1_000
  /// How often a failing journal tries by itself to record the gap and recover, in milliseconds.
  package static let retryMilliseconds: Int64 = 1_000
  /// How often a thread blocked on a full pipe looks whether the journal was given up, in milliseconds.
  package static let abandonmentCheckMilliseconds: Int32 = 250
  /// The stack of a sink's thread: completions and name resolution run on it, neither of which is ours.
  package static let threadStackBytes = 1 << 20

  /// Breaks of the chain that a verification tells apart; of the rest it tells the count.
  package static let breaksTold = 100
  /// Findings that a verification tells; of the rest it tells the count.
  package static let findingsTold = 200
  /// Starts and stretches that a verification tells one by one; of the rest it tells the count.
  package static let notesTold = 20
  /// Bytes that a reader of a log asks for at once.
  package static let readBytes = 512 << 10
  /// No line of a log is longer, in bytes.
  package static let lineBytes = 4 << 20

  /// Anchors that a verification takes, and gates that they are of.
  package static let anchorsRead = 1_000_000
  package static let anchoredGates = 10_000
  /// Lines without a signature that a verification takes for the writer's own: as many as a checkpoint covers, and those
  /// records of the log's own that go before it.
  package static let unsignedLines: UInt64 = 1_024 + 8
  /// Seconds over which they may reach: until a checkpoint is due, and until its thread has its turn.
  package static let unsignedSeconds: Int64 = 10 + 5
  /// The same for format 1, whose writer put a signature behind a write as a whole.
  package static let unsignedLinesOld: UInt64 = 8_192
  package static let unsignedSecondsOld: Int64 = 600
  /// Seconds by which a line may be older than the signature before it, or younger than the one behind it, without a word:
  /// it may have waited for the disk. A clock that is set makes more, so that it is only told.
  package static let strayTimeSeconds: Int64 = 600
  /// Deleted files that a verification remembers.
  package static let prunedFilesRead = 100_000
  /// Members that an object of one kind of record may have where the format has no list of them.
  package static let membersPerObject = 64
  /// How deep the values of such a record may go.
  package static let valueDepth = 8
  /// Lines of which the digests stand in one line of an extract.
  package static let digestsPerLine: UInt64 = 1_024
  /// Lines that wait for a signature while an extract is made, and bytes of them: a gate signs far sooner.
  static let extractLines = 16_384
  static let extractBytes = 64 << 20
  /// Requests in an extract of which a line that takes the answer back is looked for.
  static let extractIDs = 100_000
  /// Directory entries that are looked through for a file that was not named.
  package static let neighboursLookedAt = 10_000

  /// Bytes of a line that readers for people take; the writer's longest are far shorter. What is longer is counted and
  /// passed over.
  package static let readLineBytes = 1 << 20
  /// What parsing one line may cost: a hundred bytes of memory for each value, and so many levels.
  package static let recordJSON = Limits(textBytes: readLineBytes, depth: 16, values: 4_096)
  /// Rows that one table of a report counts, and hours that its chart does; what comes on top is counted together.
  package static let reportKeys = 20_000
  /// Bytes of one text in a report: the gate writes none that is longer.
  package static let reportTextBytes = 1_024
  /// The longest period back from now that is understood: a century.
  package static let periodSeconds: Int64 = 36_525 * 86_400

  /// How often a log that is followed is looked at, in milliseconds.
  package static let followMilliseconds: Int32 = 200
  /// Bytes between two calls of a verification's progress.
  package static let progressBytes = 64 << 20

  /// The beginning of a file that is read for its first line, which is an opening record.
  package static let firstLineBytes = 64 << 10
  /// Files that are told to be left alone although they have a rotated one's name.
  package static let strangersTold = 100
  /// Zeros at the end of a file that a start takes for what a crash left: seconds of a busy disk.
  package static let zerosLeft = 1 << 30
  /// The end of a file that is searched for its last line when it is opened.
  package static let tailBytes = 4 << 20
  /// The end of a file that is searched for its last signature when it is opened: much more than a writer leaves
  /// unsigned.
  package static let checkedBytes = 64 << 20
}
