// Lines of the log against what was noted of them elsewhere.
import Bytes
import Digests

/// A file may hold anchors of many gates, as a collector's does. Which of them are of this log shows late, when it names
/// its gate or when one fits; until then what does not fit is kept.
struct AnchorWatch {
  private let anchors: Anchors
  /// By the gates of `anchors`; those that name none come last.
  private var ofGate: [OfGate]

  private struct OfGate {
    var isOwn = false
    var found = 0
    var misfits: [Finding] = []
    var misfitsBeyond = 0
  }

  init(_ anchors: Anchors) {
    self.anchors = anchors
    ofGate = Array(repeating: OfGate(), count: anchors.gates.count + 1)
    ofGate[anchors.gates.count].isOwn = true
  }

  private func index(_ anchor: Anchors.Anchor) -> Int { anchor.gate ?? anchors.gates.count }

  /// The log says that this gate writes it.
  mutating func name(_ gate: ByteString) {
    if let index = anchors.index(ofGate: gate) { ofGate[index].isOwn = true }
  }

  mutating func pass(_ number: UInt64, link: SHA256Digest, at place: LogPlace) {
    for anchor in anchors.of(number) {
      let index = index(anchor)
      if anchor.link == link {
        ofGate[index].found += 1
        ofGate[index].isOwn = true
      } else if ofGate[index].misfits.count < AuditLimits.findingsTold {
        ofGate[index].misfits.append(.notAnchored(place, sequence: number))
      } else {
        ofGate[index].misfitsBeyond += 1
      }
    }
  }

  /// Nil, or that the log ends before the last of its anchors.
  func conclude(_ report: inout VerificationReport) -> Finding? {
    for own in ofGate where own.isOwn {
      report.anchorsFound += own.found
      for finding in own.misfits { report.add(finding) }
      if own.misfitsBeyond > 0 { report.untold += own.misfitsBeyond }
    }
    let ours = anchors.all.filter { ofGate[index($0)].isOwn }
    report.anchorsOfOthers = anchors.count - ours.count
    report.otherGates = zip(anchors.gates, ofGate).filter { !$0.1.isOwn }.map(\.0)
    noteContradictions(among: ours, in: &report)
    let reached = ours.prefix { $0.number <= report.lastSequence }
    report.lastAnchor = reached.last?.number
    let compared = ofGate.filter(\.isOwn).reduce(0) { $0 + $1.found + $1.misfits.count + $1.misfitsBeyond }
    report.anchorsUnchecked = reached.count - compared
    guard let last = ours.last?.number, last > report.lastSequence else { return nil }
    return .endMissing(lastSequence: report.lastSequence, anchor: last)
  }

  /// Numbers that were noted with more than one link, of which one at the most is the log's.
  private func noteContradictions(among ours: [Anchors.Anchor], in report: inout VerificationReport) {
    var told = 0
    for (anchor, next) in zip(ours, ours.dropFirst())
    where anchor.number == next.number && anchor.link != next.link && told < AuditLimits.findingsTold {
      report.add(.anchorsContradict(sequence: anchor.number))
      told += 1
    }
  }
}
