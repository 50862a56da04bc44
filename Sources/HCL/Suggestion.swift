// What somebody probably meant by a word that does not exist.

package import Bytes

package enum Suggestion {
  /// More edits than this are another word.
  private static let editLimit = 2

  /// The nearest of the known words if it is near: equal but for case, or two edits away at most. Of equally near ones
  /// the first in byte order. The cost is that of comparing lengths, and for words of nearly equal length five steps a
  /// letter.
  package static func nearest(to word: ByteString, among known: some Sequence<ByteString>) -> ByteString? {
    guard word.count <= HCLLimits.quotedCharacters else { return nil }
    let letters = Array(word.utf8)
    let limit = min(editLimit, letters.count / 2)
    var best: (edits: Int, word: ByteString)?
    for candidate in known where abs(candidate.count - letters.count) <= editLimit {
      let isSame = candidate.equalsIgnoringASCIICase(word)
      guard let edits = isSame ? -1 : edits(letters, Array(candidate.utf8), atMost: limit) else { continue }
      if let best, (best.edits, best.word) <= (edits, candidate) { continue }
      best = (edits, candidate)
    }
    return best?.word
  }

  /// `; did you mean "x"?`, or a list of what is known if that is short, or nothing. Words of `others` may be meant as
  /// well, and are not listed.
  package static func phrase(
    for word: ByteString, among known: [ByteString], others: [ByteString] = []
  ) -> String {
    if let nearest = nearest(to: word, among: known + others) {
      return "; did you mean \(Quoting.quoted(nearest))?"
    }
    if known.isEmpty { return "" }
    return ", expected \(known.count == 1 ? "" : "one of ")"
      + known.sorted().map(\.shown).joined(separator: ", ")
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other; nil if more than
  /// `limit`, which only what is that near the diagonal can reach.
  private static func edits(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
    let far = limit + 1
    var before: [Int] = []
    var last = (0...right.count).map { min($0, far) }
    for row in 1...max(1, left.count) where row <= left.count {
      var current = [Int](repeating: far, count: right.count + 1)
      if row <= limit { current[0] = row }
      for column in max(1, row - limit)...max(1, min(right.count, row + limit)) where column <= right.count {
        var cost = min(last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1), last[column] + 1)
        cost = min(cost, current[column - 1] + 1)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          cost = min(cost, before[column - 2] + 1)
        }
        current[column] = min(cost, far)
      }
      before = last
      last = current
    }
    return last[right.count] <= limit ? last[right.count] : nil
  }
}
