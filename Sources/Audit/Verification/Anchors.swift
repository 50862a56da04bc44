// Numbers and links that were noted outside of the log.
package import Bytes
import Digests

package struct Anchors: Sendable {
  struct Anchor: Sendable, Hashable {
    let number: UInt64
    let link: SHA256Digest
    /// Which of `gates`; nil if it says nothing of that, and counts for every log.
    let gate: Int?
  }

  /// By their numbers, each once.
  private(set) var all: [Anchor] = []
  /// Whose they are.
  package private(set) var gates: [ByteString] = []
  private var indices: [ByteString: Int] = [:]
  /// Lines beside them, which are something else.
  package let otherLines: Int

  package var isEmpty: Bool { all.isEmpty }
  package var count: Int { all.count }

  init(_ noted: [(gate: ByteString?, number: UInt64, link: SHA256Digest)] = [], otherLines: Int = 0) {
    self.otherLines = otherLines
    var anchors: Set<Anchor> = []
    for (gate, number, link) in noted {
      if let gate, indices[gate] == nil {
        guard gates.count < AuditLimits.anchoredGates else { continue }
        indices[gate] = gates.count
        gates.append(gate)
      }
      anchors.insert(Anchor(number: number, link: link, gate: gate.flatMap { indices[$0] }))
    }
    all = anchors.sorted { $0.number < $1.number }
  }

  func index(ofGate name: ByteString) -> Int? { indices[name] }

  /// Those of the line of this number: more than one if several gates have such a line, or if the log was rewritten.
  func of(_ number: UInt64) -> ArraySlice<Anchor> {
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return all[low...].prefix { $0.number == number }
  }
}
