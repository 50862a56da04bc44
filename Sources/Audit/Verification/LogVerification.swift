// The check of whole files.
import Digests

package enum LogVerification {
  /// What was given is either.
  package enum Outcome: Sendable {
    case log(VerificationReport)
    case extract(ExtractReport)
  }

  /// As `verify`, and an extract, which must stand alone, for what it is.
  package static func check(
    _ files: [String], _ options: VerificationOptions = VerificationOptions(),
    progress: (Int) -> Void = { _ in }
  ) throws(VerificationError) -> Outcome {
    guard !files.isEmpty else { throw .noFiles }
    let inputs = try LogInputs(files)
    guard let extract = inputs.inOrder.first(where: { $0.extractFormat != nil }) else {
      return .log(try verify(inputs, options, progress: progress))
    }
    guard inputs.inOrder.count == 1 else { throw .notAlone(path: extract.name) }
    guard extract.extractFormat == ExtractLine.format else { throw .unknownExtract(path: extract.name) }
    var verifier = ExtractVerifier(options)
    try extract.open().forEachLine { line, _, excess in
      verifier.read(line, excess: excess)
      return true
    }
    var report = verifier.finish()
    report.file = extract.name
    guard report.here.count > 0 || !report.findings.isEmpty else { throw .noRecord }
    return .extract(report)
  }

  /// Checks the files as one log. They may be given in any order: each is put where its first number
  /// belongs, and a file that is given by two names counts once. `-` and pipes are read once.
  ///
  /// `progress` hears the bytes read so far, a few times a second on a large log.
  package static func verify(
    _ files: [String], _ options: VerificationOptions = VerificationOptions(),
    progress: (Int) -> Void = { _ in }
  ) throws(VerificationError) -> VerificationReport {
    switch try check(files, options, progress: progress) {
    case .log(let report): return report
    case .extract(let report): throw .isExtract(path: report.file)
    }
  }

  private static func verify(
    _ inputs: LogInputs, _ options: VerificationOptions, progress: (Int) -> Void
  ) throws(VerificationError) -> VerificationReport {
    var verifier = Verifier(options)
    var told = 0
    for (index, input) in inputs.inOrder.enumerated() {
      try input.open().forEachLine { line, number, excess in
        verifier.read(line, at: LogPlace(file: index, line: number), excess: excess)
        if verifier.report.bytes - told >= AuditLimits.progressBytes {
          told = verifier.report.bytes
          progress(told)
        }
        return true
      }
    }
    guard let last = verifier.last else { throw .noRecord }
    let beside = lookBeside(inputs, verifier.breaks, last: verifier.endsWithRotation ? last : nil)
    let wanted = Set(verifier.breaks.map(\.wanted))
    let found = wanted.isEmpty ? [:] : try find(wanted, in: inputs.inOrder)
    var report = verifier.finish(found: found, explained: beside.explained)
    report.files = inputs.inOrder.map(\.name)
    // Whatever else is wrong is said first: anybody can put a file beside the others.
    if report.isSound, let error = beside.first { throw error }
    for finding in report.explained { report.add(finding) }
    return report
  }

  /// A log that is written may be rotated after its files were listed. What is then missing stands beside them, and
  /// nobody has done wrong.
  private static func lookBeside(
    _ inputs: LogInputs, _ breaks: [Verifier.Break], last: Verifier.Seen?
  ) -> (explained: Verifier.Explained, first: VerificationError?) {
    var explained = Verifier.Explained()
    var first: VerificationError?
    for gap in breaks where gap.after.place.line == 1 && gap.after.sequence > gap.before.sequence + 1 {
      guard let path = inputs.neighbour(following: gap.before) else { continue }
      explained.breaks.append(gap.after.place)
      first = first ?? .notNamed(path: path, from: gap.before.sequence + 1)
    }
    if let last, let path = inputs.neighbour(following: last) {
      explained.end = true
      first = first ?? .notNamed(path: path, from: last.sequence + 1)
    }
    return (explained, first)
  }

  /// The records behind which one of `links` stands: a second look, at a log that is not sound. What cannot be read again
  /// is not looked at.
  private static func find(
    _ links: Set<SHA256Digest>, in inputs: [LogInputs.Input]
  ) throws(VerificationError) -> [SHA256Digest: Verifier.Seen] {
    var found: [SHA256Digest: Verifier.Seen] = [:]
    var hash = SHA256()
    for (index, input) in inputs.enumerated() where input.isFile {
      try input.open().forEachLine { line, number, excess in
        guard excess == 0, let parsed = LogLine(line) else { return true }
        for format in 1...2 {
          let link = parsed.link(of: line, format: format, by: &hash)
          guard links.contains(link), found[link] == nil else { continue }
          found[link] = Verifier.Seen(
            place: LogPlace(file: index, line: number), sequence: parsed.sequence, digest: link)
        }
        return found.count < links.count
      }
    }
    return found
  }
}
