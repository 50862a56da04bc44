// What a verification has found, and what it could not know.
package import Digests

package struct VerificationReport: Sendable {
  /// The files in the order of their lines, which is how findings count them.
  package internal(set) var files: [String] = []
  package internal(set) var lines = 0
  package internal(set) var bytes = 0
  package internal(set) var firstSequence: UInt64?
  package internal(set) var lastSequence: UInt64 = 0
  /// Digest of the last record: what to note elsewhere, and give as the expected head next time.
  package internal(set) var head: SHA256Digest?
  package internal(set) var starts = 0
  package internal(set) var checkpoints = 0
  /// Lines that the gate itself says it could not keep; it refused the requests they belonged to.
  package internal(set) var declaredLost = 0
  /// Unfinished lines that the gate found after a crash, and declared.
  package internal(set) var declaredTorn = 0
  /// Bytes of an unfinished last line.
  package internal(set) var unfinishedBytes = 0
  /// The number of the last record that carries a good signature.
  package internal(set) var signedUpTo: UInt64?
  /// Whether the signatures were checked against a key that was given, not against the log's own.
  package internal(set) var keyWasGiven = false
  package internal(set) var endsWithClose = false
  /// Lines after the one whose digest was expected; nil if none was.
  package internal(set) var linesAfterExpectedHead: UInt64?
  package internal(set) var findings: [Finding] = []

  package var isSound: Bool { findings.isEmpty }

  /// What no reader of these files alone can tell, in sentences.
  package var limits: [String] {
    var limits: [String] = []
    if let firstSequence, firstSequence > 1 {
      limits.append("lines 1 to \(firstSequence - 1) are not in these files")
    }
    if signedUpTo == nil {
      limits.append("nothing is signed: whoever can write the files could have rewritten all of them")
    } else if !keyWasGiven {
      limits.append(
        "the signatures are good for the key that the log itself names; give --public-key to trust them")
    }
    if linesAfterExpectedHead == nil {
      let safe = max(signedUpTo ?? 0, 0)
      limits.append(
        safe == lastSequence && endsWithClose
          ? "whether a later run wrote more, in files that are not here"
          : "whether lines after number \(lastSequence) were cut off; give --expect-head to know")
    }
    if let signedUpTo, signedUpTo < lastSequence {
      limits.append("lines \(signedUpTo + 1) to \(lastSequence) are chained but not signed yet")
    }
    if unfinishedBytes > 0 {
      limits.append(
        "the last \(unfinishedBytes) bytes are an unfinished line: being written, or torn by a crash")
    }
    return limits
  }
}
