// What a verification has found, and what it could not know.
package import Bytes
package import Digests

package struct VerificationReport: Sendable {
  /// The files in the order of their lines, which is how findings count them.
  package internal(set) var files: [String] = []
  package internal(set) var lines = 0
  package internal(set) var bytes = 0
  package internal(set) var firstSequence: UInt64?
  package internal(set) var lastSequence: UInt64 = 0
  /// The link behind the last record: what to note elsewhere, and give as the expected head next time.
  package internal(set) var head: SHA256Digest?
  package internal(set) var starts = 0
  /// Numbers of the starts that follow no close: the gate was killed, or what it wrote last was cut off.
  package internal(set) var uncleanStarts: [UInt64] = []
  package internal(set) var uncleanStartCount = 0
  package internal(set) var checkpoints = 0
  /// Lines that the gate itself says it could not keep; it refused the requests they belonged to.
  package internal(set) var declaredLost = 0
  /// Unfinished lines that the gate found after a crash, and declared.
  package internal(set) var declaredTorn = 0
  /// Bytes of an unfinished last line.
  package internal(set) var unfinishedBytes = 0
  /// The number of the last record that carries a good signature.
  package internal(set) var signedUpTo: UInt64?
  /// Numbers before it that no signature vouches for.
  package internal(set) var unvouched: [ClosedRange<UInt64>] = []
  /// Whose signatures are good, a few of them.
  package internal(set) var signers: [VerifyingKey] = []
  /// Whether the signatures were checked against a key that was given, not against the log's own.
  package internal(set) var keyWasGiven = false
  package internal(set) var endsWithClose = false
  /// Numbers of starts that found something else than a run's signed end, although the end of a run stands before them.
  package internal(set) var oddStarts = NumberList()
  /// Numbers of records of the gate that its file was deleted or cut under it.
  package internal(set) var filesRemoved = NumberList()
  package internal(set) var filesCut = NumberList()
  /// Lines whose times are far from those of the signatures around them.
  package internal(set) var stray: [ClosedRange<UInt64>] = []
  /// Numbers of lines that the gate says it has deleted.
  var pruned = PrunedLines()
  package var prunedUpTo: UInt64? { pruned.ranges.last?.upperBound }
  /// Lines after the one whose digest was expected; nil if none was.
  package internal(set) var linesAfterExpectedHead: UInt64?
  /// Anchors that are the links behind lines that are here.
  package internal(set) var anchorsFound = 0
  /// Anchors of this log's lines that are not here, before the end.
  package internal(set) var anchorsUnchecked = 0
  /// The greatest number of an anchor of this log that is no greater than the last.
  package internal(set) var lastAnchor: UInt64?
  /// Anchors that were given and are of other gates, and those.
  package internal(set) var anchorsOfOthers = 0
  package internal(set) var otherGates: [ByteString] = []
  /// Who wrote the last lines, as the log says.
  package internal(set) var gate: ByteString?
  package private(set) var findings: [Finding] = []
  /// What would be found, if not for a file beside those that were given.
  var explained: [Finding] = []
  /// Findings beyond those.
  var untold = 0 {
    didSet {
      if case .more? = findings.last { findings.removeLast() }
      if untold > 0 { findings.append(.more(untold)) }
    }
  }

  package var isSound: Bool { findings.isEmpty }

  mutating func add(_ finding: Finding) {
    if findings.count < AuditLimits.findingsTold, untold == 0 {
      findings.append(finding)
    } else {
      untold += 1
    }
  }

  mutating func addUncleanStart(_ number: UInt64) {
    uncleanStartCount += 1
    if uncleanStarts.count < AuditLimits.notesTold { uncleanStarts.append(number) }
  }

  mutating func addSigner(_ key: VerifyingKey) {
    if !signers.contains(key), signers.count < AuditLimits.notesTold { signers.append(key) }
  }

  /// What is worth knowing of a sound log, in sentences.
  package var notes: [String] {
    var notes: [String] = []
    if uncleanStartCount > 0 {
      let numbers = uncleanStarts.map { "\($0)" }.joined(separator: ", ")
      let more =
        uncleanStartCount > uncleanStarts.count ? " and \(uncleanStartCount - uncleanStarts.count) more" : ""
      notes.append(
        "starts that follow no close, at numbers \(numbers)\(more): the gate was killed, or what it wrote last was cut off"
      )
    }
    if oddStarts.count > 0 {
      notes.append(
        "starts that found a close, and not as the gate's key leaves it, at numbers \(oddStarts.text): it was signed by "
          + "another key or by none, or something stood behind it")
    }
    if filesRemoved.count > 0 {
      notes.append("the gate says that somebody deleted its file under it, at numbers \(filesRemoved.text)")
    }
    if filesCut.count > 0 {
      notes.append("the gate says that somebody cut its file under it, at numbers \(filesCut.text)")
    }
    for range in stray.prefix(AuditLimits.notesTold) {
      notes.append(
        "among numbers \(range.lowerBound) to \(range.upperBound) are times far from those of the signatures around them: "
          + "a clock was set, or somebody else made lines")
    }
    if stray.count > AuditLimits.notesTold {
      notes.append("\(stray.count - AuditLimits.notesTold) further stretches with such times")
    }
    for range in unvouched.prefix(AuditLimits.notesTold) {
      notes.append(
        "numbers \(range.lowerBound) to \(range.upperBound) have no signature: the gate ended before it signed them, and "
          + "the next one does not vouch for them")
    }
    if unvouched.count > AuditLimits.notesTold {
      notes.append(
        "\(unvouched.count - AuditLimits.notesTold) further stretches that no signature vouches for")
    }
    return notes
  }

  /// What no reader of these files alone can tell, in sentences.
  package var limits: [String] {
    var limits: [String] = []
    if let firstSequence, firstSequence > 1 {
      let deleted = pruned.ranges.filter { $0.lowerBound < firstSequence }
      if pruned.covers(1...firstSequence - 1) {
        limits.append(
          "lines 1 to \(firstSequence - 1) are not in these files; the gate says that it deleted them")
      } else if !deleted.isEmpty {
        let ranges = deleted.prefix(AuditLimits.notesTold).map { "\($0.lowerBound) to \($0.upperBound)" }
        limits.append(
          "lines 1 to \(firstSequence - 1) are not in these files; of them the gate says that it deleted "
            + ranges.joined(separator: ", ") + (deleted.count > ranges.count ? " and more" : ""))
      } else {
        limits.append("lines 1 to \(firstSequence - 1) are not in these files")
      }
    }
    if signedUpTo == nil {
      limits.append("nothing is signed: anyone who can write the files could have rewritten all of them")
    } else if !keyWasGiven {
      let prints = signers.map { $0.fingerprint.hexadecimal }.joined(separator: ", ")
      limits.append(
        "the signatures are good for the key that the log itself names, fingerprint \(prints): anyone who rewrote the log "
          + "could have put a key there; not checked: whose key it is, and whether signatures are missing; give --public-key"
      )
    }
    if linesAfterExpectedHead == nil {
      limits.append(
        signedUpTo == lastSequence && endsWithClose
          ? "whether a later run wrote more, in files that are not here"
          : "whether lines after number \(lastSequence) were cut off; give --anchors or --expect-head to know"
      )
    }
    if let signedUpTo, signedUpTo < lastSequence {
      limits.append("lines \(signedUpTo + 1) to \(lastSequence) are chained but not signed yet")
    }
    if anchorsUnchecked > 0 {
      limits.append(
        "\(anchorsUnchecked) anchors were not checked: they are of lines that are not in these files")
    }
    if unfinishedBytes > 0 {
      limits.append(
        "the last \(unfinishedBytes) bytes are an unfinished line: being written, or torn by a crash")
    }
    return limits
  }
}
