// Which lines the gate says it has deleted.
import Digests

/// Every range, so that what was taken from between two is not mistaken for one of them.
struct PrunedLines: Sendable {
  /// By their numbers, none overlapping or touching the next.
  private(set) var ranges: [ClosedRange<UInt64>] = []
  /// Links behind the last lines of files, by their numbers.
  private var heads: [UInt64: SHA256Digest] = [:]

  /// What is more than a log can have is not remembered, and then missing.
  mutating func add(_ range: ClosedRange<UInt64>, head: SHA256Digest?) {
    guard heads.count < AuditLimits.prunedFilesRead else { return }
    heads[range.upperBound] = head
    var (low, high) = (range.lowerBound, range.upperBound)
    ranges.removeAll { other in
      guard other.lowerBound <= high + 1, low <= other.upperBound + 1 else { return false }
      (low, high) = (min(low, other.lowerBound), max(high, other.upperBound))
      return true
    }
    ranges.insert(low...high, at: ranges.firstIndex { $0.lowerBound > high } ?? ranges.endIndex)
  }

  func covers(_ lines: ClosedRange<UInt64>) -> Bool {
    ranges.contains { $0.lowerBound <= lines.lowerBound && lines.upperBound <= $0.upperBound }
  }

  /// Whether all of these were deleted, and what follows says `link` of the last of them.
  func covers(_ lines: ClosedRange<UInt64>, before link: SHA256Digest) -> Bool {
    covers(lines) && heads[lines.upperBound] == link
  }

  /// What is neither here nor deleted, though lines before and after it were deleted.
  func holes(from: UInt64, before first: UInt64) -> [ClosedRange<UInt64>] {
    let before = ranges.filter { $0.lowerBound < first }
    return zip(before, before.dropFirst()).map { $0.upperBound + 1...$1.lowerBound - 1 }
      .filter { $0.upperBound >= from }
  }
}
