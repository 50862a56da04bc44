// The check of whole files.
package import Digests

package enum LogVerification {
  /// Checks the files as one log. They may be given in any order: each is put where its first number
  /// belongs.
  ///
  /// `progress` hears the bytes read so far, a few times a second on a large log.
  package static func verify(
    _ files: [String], publicKey: VerifyingKey? = nil, expectedHead: SHA256Digest? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws(VerificationError) -> VerificationReport {
    guard !files.isEmpty else { throw .noFiles }
    let ordered = try inOrder(files)
    var verifier = Verifier(publicKey: publicKey, expectedHead: expectedHead)
    var told = 0
    for (index, file) in ordered.enumerated() {
      try LogReader.forEachLine(of: file) { line, number in
        verifier.read(line, at: LogPlace(file: index, line: number))
        if verifier.report.bytes - told >= AuditLimits.progressBytes {
          told = verifier.report.bytes
          progress(told)
        }
        return true
      }
    }
    let wanted = Set(verifier.breaks.map(\.wanted))
    let found = wanted.isEmpty ? [:] : try find(wanted, in: ordered)
    var report = verifier.finish(found: found)
    report.files = ordered
    return report
  }

  /// The records that bear one of `digests`: a second look, at a log that is not sound.
  private static func find(
    _ digests: Set<SHA256Digest>, in files: [String]
  ) throws(VerificationError) -> [SHA256Digest: Verifier.Seen] {
    var found: [SHA256Digest: Verifier.Seen] = [:]
    var hash = SHA256()
    for (index, file) in files.enumerated() {
      try LogReader.forEachLine(of: file) { line, number in
        guard let parsed = LogLine(line) else { return true }
        let digest = LogLine.digest(of: line, by: &hash)
        if digests.contains(digest), found[digest] == nil {
          found[digest] = Verifier.Seen(
            place: LogPlace(file: index, line: number), sequence: parsed.sequence, digest: digest)
        }
        return found.count < digests.count
      }
    }
    return found
  }

  private static func inOrder(_ files: [String]) throws(VerificationError) -> [String] {
    var first: [(file: String, sequence: UInt64)] = []
    for file in files {
      var sequence = UInt64.max
      try LogReader.forEachLine(of: file) { line, _ in
        guard let parsed = LogLine(line) else { return true }
        sequence = parsed.sequence
        return false
      }
      first.append((file, sequence))
    }
    // Stable, so that files nothing is known of stay as they were given.
    return first.enumerated()
      .sorted { ($0.element.sequence, $0.offset) < ($1.element.sequence, $1.offset) }
      .map(\.element.file)
  }
}
