// Where a log begins and ends, and whether that is where it should.

extension Verifier {
  /// What a file that was not given explains.
  struct Explained {
    var breaks: [LogPlace] = []
    var end = false
  }

  mutating func judgeBeginning() {
    guard let first = report.firstSequence else { return }
    let from = options.from ?? 1
    for hole in report.pruned.holes(from: from, before: first) { report.add(.removedAmongPruned(hole)) }
    guard options.from != nil, from != first else { return }
    if from > first || !report.pruned.covers(from...first - 1) {
      report.add(.beginningMissing(expected: from, found: first))
    }
  }

  mutating func judgeEnd(isExplained: Bool) {
    var findings: [Finding] = []
    if let last, endsWithRotation { findings.append(.nextFileMissing(last.place)) }
    if let finding = anchors?.conclude(&report) { findings.append(finding) }
    if options.expectedHead != nil, report.linesAfterExpectedHead == nil {
      findings.append(.headMissing(lastSequence: report.lastSequence))
    }
    if isExplained { report.explained += findings } else { for finding in findings { report.add(finding) } }
  }
}
