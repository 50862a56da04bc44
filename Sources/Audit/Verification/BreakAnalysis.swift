// What happened where a log does not hang together.
import Digests

/// Tells edits, removals, insertions and moves apart by asking where the predecessor is that a record
/// names: nowhere, earlier, or later in the files.
struct BreakAnalysis {
  let findings: [Finding]

  init(breaks: [Verifier.Break], found: [SHA256Digest: Verifier.Seen], pruned: PrunedLines) {
    // Digests that some record behind a break names: the lines that bear them are genuine.
    let genuine = Set(breaks.map(\.wanted))
    var findings: [Finding] = []
    for gap in breaks {
      let (before, after) = (gap.before.sequence, gap.after.sequence)
      // The gate itself took them out.
      if after > before + 1, pruned.covers(before + 1...after - 1, before: gap.wanted) { continue }
      let finding: Finding?
      if let predecessor = found[gap.wanted] {
        finding = Self.displaced(gap, predecessor: predecessor, genuine: genuine)
      } else {
        finding = Self.unknownPredecessor(gap, following: findings.last)
      }
      if let finding { Self.add(finding, to: &findings) }
    }
    self.findings = findings
  }

  private static func displaced(
    _ gap: Verifier.Break, predecessor: Verifier.Seen, genuine: Set<SHA256Digest>
  ) -> Finding? {
    // The digests agree and the numbers do not: the number itself was edited.
    if predecessor.place == gap.before.place { return .edited(gap.after.place...gap.after.place) }
    if predecessor.place > gap.before.place {
      return .reordered(gap.after.place, belongsAfter: predecessor.place)
    }
    // The lines between the two are either strangers or moved here from where another break is.
    if genuine.contains(gap.before.digest) { return nil }
    return .inserted(
      LogPlace(file: predecessor.place.file, line: predecessor.place.line + 1)...gap.before.place)
  }

  private static func unknownPredecessor(_ gap: Verifier.Break, following finding: Finding?) -> Finding? {
    let (before, after) = (gap.before.sequence, gap.after.sequence)
    if after == before + 1 { return .edited(gap.before.place...gap.before.place) }
    // The number of a line that was edited says nothing about its neighbours.
    if case .edited(let range)? = finding, range.upperBound == gap.before.place { return nil }
    guard after > before else { return .foreign(gap.after.place, sequence: after, after: before) }
    // Told already as unreadable lines.
    if after - before - 1 <= gap.fragments { return nil }
    return .removed(before + 1...after - 1, before: gap.after.place)
  }

  /// Neighbouring edits become one: of two edited lines in a row, the first may only look so because the
  /// second no longer says what it said about it.
  private static func add(_ finding: Finding, to findings: inout [Finding]) {
    if case .edited(let range) = finding, case .edited(let before)? = findings.last,
      before.upperBound.file == range.lowerBound.file, before.upperBound.line + 1 == range.lowerBound.line
    {
      findings[findings.count - 1] = .edited(before.lowerBound...range.upperBound)
    } else {
      findings.append(finding)
    }
  }
}
